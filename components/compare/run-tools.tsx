"use client";

import { Button } from "@mantine/core";
import { useTranslations } from "next-intl";
import styles from "./table.module.css";
import type { ComparedRun } from "./types.ts";

export interface RunToolsProps {
  readonly run: ComparedRun;
  readonly isReference: boolean;
  readonly canRemove: boolean;
  readonly onReference: (runId: string) => void;
  readonly onRemove: (runId: string) => void;
}

/** What can be done with a column: compare the others with it, or take it away. */
export function RunTools({ run, isReference, canRemove, onReference, onRemove }: RunToolsProps) {
  const t = useTranslations("compare");
  const recipe = `${run.recipeName} #${run.number}`;
  const look = { variant: "default", size: "compact-xs" } as const;
  if (isReference && !canRemove) return null;
  return (
    <span className={styles.tools}>
      {!isReference && (
        <Button {...look} aria-label={t("makeReferenceOf", { recipe })} onClick={() => onReference(run.id)}>
          {t("makeReference")}
        </Button>
      )}
      {canRemove && (
        <Button {...look} aria-label={t("removeOf", { recipe })} onClick={() => onRemove(run.id)}>
          {t("remove")}
        </Button>
      )}
    </span>
  );
}
