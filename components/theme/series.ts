/**
 * Colours of data series, told apart with any common colour blindness and on both schemes (at least 3 : 1 against the
 * panel). After Okabe and Ito, "Color Universal Design" (2008), darkened for light and lightened for dark surfaces.
 */
export const seriesLight = [
  "#17623f",
  "#7a4fb5",
  "#2b63b8",
  "#b85c00",
  "#a3386c",
  "#0e7c86",
  "#7d6a00",
  "#5c5f59",
] as const;
export const seriesDark = [
  "#5bbd88",
  "#b79be6",
  "#7fb0f5",
  "#f0a04b",
  "#e58fb8",
  "#4fc3cd",
  "#d9c14a",
  "#a9aca5",
] as const;

/** Marker shapes, so that colour is never the only difference; in ECharts' names. */
export const seriesSymbols = ["circle", "rect", "triangle", "diamond", "pin", "arrow"] as const;

/** A run keeps its colour across table, chart and comparison: the place in its experiment decides. */
export function seriesColor(index: number, scheme: "light" | "dark"): string {
  const palette = scheme === "dark" ? seriesDark : seriesLight;
  return palette[index % palette.length] ?? palette[0];
}

/** The same colour as a CSS variable, for markup that need not know the scheme. */
export function seriesVariable(index: number): string {
  return `var(--app-series-${(index % seriesLight.length) + 1})`;
}

export function seriesSymbol(index: number): string {
  return seriesSymbols[Math.floor(index / seriesLight.length) % seriesSymbols.length] ?? "circle";
}
