"use client";

import { useMessages, useTranslations } from "next-intl";
import { RemarkLine } from "#components/remark/remark-line.tsx";
import { saidBy } from "#contracts/problem.ts";
import type { RunDetail } from "#contracts/run.ts";
import styles from "./run.module.css";

/** Why a run has no result: what happened, what was kept, what to do, and what to quote. */
export function ProblemPanel({ run }: { run: RunDetail }) {
  const t = useTranslations("run.problem");
  const messages = useMessages().run.problem;
  const { problem, state } = run;
  if (state === "cancelled") {
    return (
      <section className={styles.problem} data-state={state}>
        <h2>{t("cancelledTitle")}</h2>
        <p>{t("cancelledText")}</p>
      </section>
    );
  }
  if (!problem || (state !== "failed" && state !== "not_applicable")) return null;
  const isText = (code: string): code is keyof typeof messages.text => Object.hasOwn(messages.text, code);
  const isAdvice = (code: string): code is keyof typeof messages.do => Object.hasOwn(messages.do, code);
  const isFailure = state === "failed";
  const { code, place } = problem;
  return (
    <section className={styles.problem} data-state={state} role={isFailure ? "alert" : undefined}>
      <h2>{t(isFailure ? "failedTitle" : "naTitle")}</h2>
      {isText(code) && <p>{t(`text.${code}`)}</p>}
      {/* It names nodes, files and numbers; where a failure has no words of its own it is plain English. */}
      <p className={styles.reason}>
        <RemarkLine said={saidBy(problem)} />
      </p>
      {place && <p className={styles.quiet}>{t("place", { place })}</p>}
      <p>{t(isFailure ? "kept" : "naKept")}</p>
      <p>
        {t.rich("advice", {
          b: (chunks) => <strong>{chunks}</strong>,
          what: t(isAdvice(code) ? `do.${code}` : isFailure ? "do.other" : "do.notApplicable"),
        })}
      </p>
      {isFailure && <p className={styles.quiet}>{t("quote", { id: run.id })}</p>}
    </section>
  );
}
