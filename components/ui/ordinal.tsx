import styles from "./ordinal.module.css";

export interface OrdinalProps {
  /** From 1. */
  readonly position: number;
  readonly isWrong?: boolean;
  readonly isLarge?: boolean;
}

/** The place of a step in a sequence, for the eye; a list says it to a screen reader. */
export function Ordinal({ position, isWrong, isLarge }: OrdinalProps) {
  return (
    <span
      className={styles.ordinal}
      data-wrong={isWrong || undefined}
      data-large={isLarge || undefined}
      aria-hidden
    >
      {position}
    </span>
  );
}
