/** Place of a run's colour in the palette, the same in chart, table and comparison: the baseline has none. */
export function colourIndex(run: { readonly number: number; readonly isBaseline: boolean }): number | null {
  return run.isBaseline ? null : Math.max(0, run.number - 2);
}
