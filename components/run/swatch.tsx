import { seriesVariable } from "#components/theme/series.ts";
import { colourIndex } from "./colour.ts";
import styles from "./swatch.module.css";

/** A run's colour as it is in chart, table and comparison; the baseline is a hollow diamond. */
export function Swatch({ run }: { run: { readonly number: number; readonly isBaseline: boolean } }) {
  const index = colourIndex(run);
  if (index === null) return <span className={styles.baseline} aria-hidden />;
  return <span className={styles.swatch} style={{ background: seriesVariable(index) }} aria-hidden />;
}
