/** Watts that one busy hardware thread is taken to draw, with the band in which the truth may lie. */
export interface CorePower {
  readonly watts: number;
  readonly low: number;
  readonly high: number;
  /** Where the figure comes from, for the method of a measurement. */
  readonly source: string;
}

/**
 * Thermal design power in watts (codecarbon's `cpu_power.csv`, 2024) and hardware threads (vendor data sheets) of
 * processors that are common in clouds and on desks.
 */
const processors: readonly { readonly name: string; readonly watts: number; readonly threads: number }[] = [
  { name: "EPYC 7763", watts: 280, threads: 128 },
  { name: "EPYC 7R13", watts: 225, threads: 96 },
  { name: "8259CL", watts: 210, threads: 48 },
  { name: "8375C", watts: 300, threads: 64 },
  { name: "8272CL", watts: 195, threads: 52 },
  { name: "8370C", watts: 205, threads: 64 },
  { name: "E5-2686 v4", watts: 145, threads: 36 },
  { name: "i7-12700K", watts: 190, threads: 20 },
  { name: "Ryzen 7 5800X", watts: 105, threads: 16 },
  { name: "Apple M1", watts: 10, threads: 8 },
];

/** codecarbon's figure for a processor it does not know. */
const unknownWatts = 4;

/**
 * Power of one busy thread: thermal design power / hardware threads, the attribution of codecarbon.
 *
 * The band of a known processor uses the steepest and the flattest part of the utilisation curve of the Impact
 * Framework (0, 10, 50, 100 % of load draw .12, .32, .75, 1.02 of the design power): a thread added to an idle
 * machine costs up to 2.0, one added to a busy machine .54 of its share. The band of an unknown processor spans
 * the shares of all processors in the table.
 *
 * @param cpuModel as the operating system names it
 */
export function corePower(cpuModel: string): CorePower {
  const name = cpuModel.toLowerCase();
  const known = processors.find((processor) => matches(name, processor.name.toLowerCase()));
  if (known === undefined) {
    const shares = processors.map(({ watts, threads }) => watts / threads);
    return {
      watts: unknownWatts,
      low: Math.min(...shares),
      high: Math.max(...shares),
      source: `unknown processor, ${unknownWatts} W per thread`,
    };
  }
  const watts = known.watts / known.threads;
  return {
    watts,
    low: 0.54 * watts,
    high: 2 * watts,
    source: `${known.name}, ${known.watts} W over ${known.threads} threads`,
  };
}

/** "Apple M1" must not match "Apple M1 Max": the next character has to end the name. */
function matches(cpuModel: string, name: string): boolean {
  const at = cpuModel.indexOf(name);
  if (at < 0) return false;
  const rest = cpuModel.slice(at + name.length);
  return !/^[a-z0-9]/.test(rest) && !/^ (pro|max|ultra)/.test(rest);
}

/**
 * Memory: 0.3725 W/GB (Green Algorithms, Lannelongue et al. 2021). The band comes from 5 W a module, of 64 GB at
 * one end and of 8 GB at the other.
 */
export const memoryPower: CorePower = {
  watts: 0.3725,
  low: 5 / 64,
  high: 5 / 8,
  source: "0.3725 W/GB",
};
