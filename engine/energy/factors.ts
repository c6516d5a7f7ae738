/** Carbon intensity of electricity at a place: grams of CO₂ equivalent per kWh, with source and year. */
export interface CarbonFactor {
  /** ISO 3166-1 alpha-2 code, or "world". */
  readonly region: string;
  readonly name: string;
  readonly gramsPerKWh: number;
  readonly year: number;
  readonly source: string;
}

/** Stored beside every energy; raised whenever a value below changes. */
export const factorsVersion = "2023.1";

const gridMix = "Our World in Data, electricity mix, as published with codecarbon";

const in2023: readonly (readonly [region: string, name: string, grams: number])[] = [
  ["AR", "Argentina", 354],
  ["AT", "Austria", 111],
  ["AU", "Australia", 549],
  ["BE", "Belgium", 138],
  ["BR", "Brazil", 98],
  ["CA", "Canada", 170],
  ["CH", "Switzerland", 35],
  ["CN", "China", 582],
  ["CZ", "Czechia", 450],
  ["DE", "Germany", 381],
  ["DK", "Denmark", 152],
  ["EG", "Egypt", 570],
  ["ES", "Spain", 174],
  ["FI", "Finland", 79],
  ["FR", "France", 56],
  ["GB", "United Kingdom", 238],
  ["GR", "Greece", 337],
  ["IE", "Ireland", 291],
  ["IN", "India", 713],
  ["IT", "Italy", 331],
  ["JP", "Japan", 485],
  ["KR", "South Korea", 431],
  ["MX", "Mexico", 507],
  ["NL", "Netherlands", 268],
  ["NO", "Norway", 30],
  ["NZ", "New Zealand", 113],
  ["PL", "Poland", 662],
  ["PT", "Portugal", 166],
  ["RU", "Russia", 441],
  ["SE", "Sweden", 41],
  ["SG", "Singapore", 471],
  ["TH", "Thailand", 550],
  ["TR", "Turkey", 465],
  ["TW", "Taiwan", 642],
  ["US", "United States", 369],
  ["VN", "Vietnam", 475],
  ["ZA", "South Africa", 708],
];

const in2022: readonly (readonly [region: string, name: string, grams: number])[] = [
  ["AE", "United Arab Emirates", 561],
  ["HK", "Hong Kong", 699],
  ["ID", "Indonesia", 676],
  ["IS", "Iceland", 28],
  ["SA", "Saudi Arabia", 707],
];

const factor =
  (year: number) =>
  ([region, name, gramsPerKWh]: readonly [string, string, number]): CarbonFactor => ({
    region,
    name,
    gramsPerKWh,
    year,
    source: gridMix,
  });

/** Used where the place is not known. */
export const worldFactor: CarbonFactor = {
  region: "world",
  name: "World",
  gramsPerKWh: 475,
  year: 2019,
  source: "International Energy Agency, Global Energy & CO2 Status Report 2019",
};

/** All factors, the world first, then by code. */
export const carbonFactors: readonly CarbonFactor[] = [
  worldFactor,
  ...[...in2023.map(factor(2023)), ...in2022.map(factor(2022))].sort((one, other) =>
    one.region < other.region ? -1 : 1,
  ),
];

/** The factor of a region by its code, upper or lower case; undefined where the table lacks it. */
export function carbonFactor(region: string): CarbonFactor | undefined {
  const wanted = region.toLowerCase();
  return carbonFactors.find((candidate) => candidate.region.toLowerCase() === wanted);
}

/**
 * Power usage effectiveness: energy of the whole data centre per energy of its computers. Values as published
 * with codecarbon and Green Algorithms; a machine outside a data centre has none of that overhead.
 */
export const pueValues = {
  machine: 1,
  unknownDataCentre: 1.67,
  googleCloud: 1.11,
  aws: 1.2,
  azure: 1.125,
} as const;
