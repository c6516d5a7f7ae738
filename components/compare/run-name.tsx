"use client";

import { useTranslations } from "next-intl";
import { createContext, useContext } from "react";
import { usePlace } from "#components/model/use-place.ts";
import { Swatch } from "#components/run/swatch.tsx";
import { TextLink } from "#components/ui/links.tsx";
import styles from "./run-name.module.css";
import type { ComparedRun } from "./types.ts";

/** True where runs of several experiments are compared: numbers and colours are those of each experiment. */
export const ManyExperiments = createContext(false);

/** A run by its colour, recipe and number; the name leads to its page. */
export function RunName({ run, plain }: { run: ComparedRun; plain?: boolean }) {
  const place = usePlace();
  const t = useTranslations("compare");
  const isMany = useContext(ManyExperiments);
  return (
    <span className={styles.name}>
      <span className={styles.swatch}>
        <Swatch run={run} />
      </span>
      <span className={styles.words}>
        {plain ? (
          run.recipeName
        ) : (
          <TextLink href={`${place.base}/runs/${run.id}`} c="inherit" underline="hover">
            {run.recipeName}
          </TextLink>
        )}{" "}
        <span className={styles.number}>
          #{run.number}
          {isMany && ` · ${t("ofExperiment", { number: run.experimentNumber })}`}
        </span>
      </span>
    </span>
  );
}
