"use client";

import { useLocale, useTranslations } from "next-intl";
import { formatNumber, formatShare } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import { type OptionRow, recipeRows, type StepRow } from "./recipe-rows.ts";
import styles from "./recipes.module.css";
import { RunName } from "./run-name.tsx";
import type { ComparedRun } from "./types.ts";

/** The recipes' steps with their options, a column per run; what differs is marked and said. */
export function RecipesPanel({ runs }: { runs: readonly ComparedRun[] }) {
  const t = useTranslations("compare.recipes");
  const rows = recipeRows(runs.map((run) => run.recipe));
  const seeds = runs.map((run) => run.recipe.seed);
  const hasSeeds = new Set(seeds).size > 1;
  if (rows.length === 0) return null;
  const working = runs.filter((run) => run.recipe.steps.length > 0).length;
  const isSame =
    !hasSeeds && rows.every((row) => !row.differs && row.options.every((option) => !option.differs));
  return (
    <Panel title={t("title")} hint={working < 2 ? undefined : t(isSame ? "same" : "hint")} flush>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: an area that scrolls must be reachable by keyboard. */}
      <section className={styles.scroll} data-sideways tabIndex={0} aria-label={t("region")}>
        <table className={styles.table} style={{ minWidth: 160 + runs.length * 130 }}>
          <caption className="visually-hidden">{t("title")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("step")}</th>
              {runs.map((run) => (
                <th key={run.id} scope="col">
                  <RunName run={run} plain />
                </th>
              ))}
            </tr>
          </thead>
          {rows.map((row) => (
            <tbody key={`${row.use} ${row.occurrence}`}>
              <tr className={styles.step} data-differs={row.differs || undefined}>
                <th scope="row">
                  <code>
                    {row.occurrence > 1
                      ? t("occurrence", { use: row.use, occurrence: row.occurrence })
                      : row.use}
                  </code>
                  {row.differs && <Differs />}
                </th>
                {runs.map((run, index) => (
                  <td
                    key={run.id}
                    data-label={run.recipeName}
                    data-absent={row.places[index] == null || undefined}
                  >
                    <StepCell run={run} place={row.places[index] ?? null} />
                  </td>
                ))}
              </tr>
              {row.options.map((option) => (
                <OptionLine key={option.name} option={option} row={row} runs={runs} />
              ))}
            </tbody>
          ))}
          {hasSeeds && (
            <tbody>
              <tr data-differs>
                <th scope="row">
                  {t("seed")}
                  <Differs />
                </th>
                {runs.map((run, index) => (
                  <td key={run.id} data-label={run.recipeName}>
                    {seeds[index]}
                  </td>
                ))}
              </tr>
            </tbody>
          )}
        </table>
      </section>
    </Panel>
  );
}

function Differs() {
  return <span className={styles.differs}>{useTranslations("compare.recipes")("differs")}</span>;
}

/** Where the step stands in the recipe, and how much of the model it touched. */
function StepCell({ run, place }: { run: ComparedRun; place: number | null }) {
  const t = useTranslations("compare.recipes");
  if (place === null)
    return <span className={styles.quiet}>{t(run.recipe.steps.length === 0 ? "emptyRecipe" : "notIn")}</span>;
  const done = run.report?.steps[place];
  const changed = done ? done.changed.length + done.changedMore : 0;
  const skipped = done ? done.skipped.length + done.skippedMore : 0;
  return (
    <span>
      {t("place", { place: place + 1 })}
      {done && <span className={styles.quiet}> · {t("changed", { count: changed })}</span>}
      {skipped > 0 && <span className={styles.quiet}> · {t("skipped", { count: skipped })}</span>}
    </span>
  );
}

function OptionLine({
  option,
  row,
  runs,
}: {
  option: OptionRow;
  row: StepRow;
  runs: readonly ComparedRun[];
}) {
  const text = useOptionText();
  return (
    <tr data-differs={option.differs || undefined}>
      <th scope="row" className={styles.option}>
        <code>{option.name}</code>
        {option.differs && <Differs />}
      </th>
      {runs.map((run, index) => (
        <td key={run.id} data-label={run.recipeName} data-absent={row.places[index] == null || undefined}>
          {row.places[index] == null ? (
            <span className={styles.quiet}>—</span>
          ) : (
            text(option.name, option.values[index])
          )}
        </td>
      ))}
    </tr>
  );
}

/** Values of options as people write them; names and types of the field stay as they are. */
function useOptionText(): (name: string, value: unknown) => string {
  const t = useTranslations("compare.recipes");
  const locale = useLocale();
  const one = (value: unknown): string => {
    if (typeof value === "boolean") return t(value ? "yes" : "no");
    return typeof value === "number" ? formatNumber(value, locale) : String(value);
  };
  return (name, value) => {
    if (value === undefined) return t("none");
    if (name === "sparsity" && typeof value === "number") return formatShare(value, locale);
    if (!Array.isArray(value)) return one(value);
    // An empty list of nodes to include is no restriction.
    if (value.length === 0) return t(name === "nodes_to_include" ? "all" : "none");
    return value.map(one).join(t("comma"));
  };
}
