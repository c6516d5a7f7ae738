import { useTranslations } from "next-intl";
import type { RunState } from "#contracts/run.ts";
import styles from "./state-badge.module.css";

/** Where a run is in its life. */
export function StateBadge({ state, cancelling }: { state: RunState; cancelling?: boolean }) {
  const t = useTranslations("run.state");
  const isStopping = cancelling && (state === "running" || state === "queued");
  return (
    <span className={styles.badge} data-state={state}>
      {isStopping ? t("cancelling") : t(state)}
    </span>
  );
}
