"use client";

import { useLocale, useTranslations } from "next-intl";
import { RemarkLine } from "#components/remark/remark-line.tsx";
import { formatDuration } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import { hasEnded, type RunDetail, type RunReport } from "#contracts/run.ts";
import type { Said } from "#engine/remarks/remark.schema.ts";
import styles from "./run.module.css";
import { useStepSummary } from "./use-step-summary.ts";

/** Under this name the engine speaks of the model as a whole. */
const wholeModel = "model";

type ReportStep = RunReport["steps"][number];

/** What each step of the recipe changed, and what it left alone and why. */
export function StepsPanel({ run }: { run: RunDetail }) {
  const t = useTranslations("run.page");
  const stepSummary = useStepSummary();
  const { report, recipe } = run;
  return (
    <Panel title={t("steps")} flush>
      {run.isBaseline ? (
        <p className={styles.none}>{t("stepsBaseline")}</p>
      ) : (
        <ol className={styles.steps}>
          {recipe.steps.map((step, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps have no name of their own, and never move.
            <li key={index}>
              <StepHead summary={stepSummary(step)} of={report?.steps[index]} />
              {report?.steps[index] && <StepBody of={report.steps[index]} />}
            </li>
          ))}
        </ol>
      )}
      {!run.isBaseline && !report && (
        <p className={styles.foot}>{t(hasEnded(run.state) ? "stepsLost" : "stepsNone")}</p>
      )}
      {report && report.warnings.length > 0 && (
        <div className={styles.foot}>
          {t("warnings")}
          <ul className={styles.entries}>
            {report.warnings.map((warning) => (
              <li key={JSON.stringify(warning)}>
                <RemarkLine said={warning} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </Panel>
  );
}

function StepHead({ summary, of }: { summary: string; of: ReportStep | undefined }) {
  const t = useTranslations("run.page");
  const locale = useLocale();
  return (
    <div className={styles.stepHead}>
      <code>{summary}</code>
      {of?.seconds !== undefined && (
        <span className={styles.quiet}>{t("stepTook", { time: formatDuration(of.seconds, locale) })}</span>
      )}
    </div>
  );
}

function StepBody({ of }: { of: ReportStep }) {
  const t = useTranslations("run.page");
  const changed = of.changed.length + of.changedMore;
  const skipped = of.skipped.length + of.skippedMore;
  return (
    <>
      <Entries
        summary={t("changed", { count: changed })}
        rows={of.changed.map(({ name, what }) => ({ name, said: what }))}
        more={of.changedMore}
        isOpen={changed <= 6}
      />
      {skipped > 0 && (
        <Entries
          summary={t("skipped", { count: skipped })}
          rows={of.skipped.map(({ name, reason }) => ({ name, said: reason }))}
          more={of.skippedMore}
          isOpen={changed === 0}
        />
      )}
    </>
  );
}

interface EntriesProps {
  readonly summary: string;
  readonly rows: readonly { readonly name: string; readonly said: Said }[];
  readonly more: number;
  readonly isOpen: boolean;
}

/** The browser's own fold: it opens by keyboard, and the page's search finds what is inside. */
function Entries({ summary, rows, more, isOpen }: EntriesProps) {
  const t = useTranslations("run.page");
  if (rows.length === 0) return <p className={styles.quiet}>{summary}</p>;
  return (
    <details className={styles.fold} open={isOpen}>
      <summary>{summary}</summary>
      <ul className={styles.entries}>
        {rows.map(({ name, said }) => (
          <li key={`${name} ${JSON.stringify(said)}`}>
            {name === wholeModel ? t("wholeModel") : <code>{name}</code>} <RemarkLine said={said} />
          </li>
        ))}
      </ul>
      {more > 0 && <p className={styles.quiet}>{t("moreEntries", { count: more })}</p>}
    </details>
  );
}
