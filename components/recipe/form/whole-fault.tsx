"use client";

import type { Fault } from "../draft/fault.ts";
import styles from "./form.module.css";
import { useFirstFault } from "./use-first-fault.ts";

/** What is wrong with a group of options as a whole, said aloud when it appears. */
export function WholeFault({ faults }: { readonly faults: readonly Fault[] }) {
  const fault = useFirstFault();
  if (faults.length === 0) return null;
  return (
    <p className={styles.fault} role="alert">
      {fault(faults)}
    </p>
  );
}
