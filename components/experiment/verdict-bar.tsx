"use client";

import { Button, Popover } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ChangeText } from "#components/run/change-text.tsx";
import { formatDelta } from "#components/run/delta.ts";
import { useMetricText } from "#components/run/use-metric-text.ts";
import { useRatio } from "#components/ui/use-ratio.ts";
import { isFidelity } from "#contracts/metric.ts";
import type { Choice, Verdict, VerdictQuestion } from "#contracts/verdict.ts";
import { useBudgetText } from "./use-budget-text.ts";
import styles from "./verdict.module.css";
import { VerdictNotes } from "./verdict-notes.tsx";

export interface VerdictBarProps {
  readonly verdict: Verdict;
  readonly question: VerdictQuestion & { readonly quality: string };
  readonly units: Readonly<Record<string, string>>;
  readonly overlapUnknown: boolean;
  readonly isUntrained: boolean;
  /** Runs that may still change what is said. */
  readonly pending: number;
  readonly onSelect: (runId: string) => void;
}

/** What the runs say together, in one sentence, and what weakens it. */
export function VerdictBar(props: VerdictBarProps) {
  const { verdict, question, overlapUnknown, isUntrained, pending } = props;
  const t = useTranslations("experiment.verdict");
  return (
    <section className={styles.bar} aria-label={t("label")} data-kind={verdict.kind}>
      <div className={styles.words}>
        <p className={styles.sentence}>
          <Sentence {...props} />
        </p>
        <VerdictNotes
          notes={verdict.notes}
          pending={verdict.compared > 0 ? pending : 0}
          overlapUnknown={overlapUnknown && verdict.compared > 0}
          isUntrained={isUntrained}
          fidelityOnly={isFidelity(question.quality)}
        />
      </div>
      {verdict.compared > 0 && <Why verdict={verdict} question={question} />}
    </section>
  );
}

function Sentence(props: VerdictBarProps): ReactNode {
  const { verdict, question } = props;
  const t = useTranslations("experiment.verdict");
  const common = useTranslations("common");
  const budget = useBudgetText()(question.quality, question.budget);
  const { smallest, fastest, closest } = verdict;
  if (verdict.kind === "nothing") return t(`nothing.${verdict.lacks ?? "variants"}`);
  if (verdict.kind === "waiting") return t("waiting");
  const bold = (chunks: ReactNode) => <strong>{chunks}</strong>;
  if (closest) {
    return t.rich("none", {
      b: bold,
      budget,
      quality: () => <QualityText {...props} choice={closest} />,
      name: () => <RunName {...props} choice={closest} />,
    });
  }
  if (smallest && smallest.run.id === fastest?.run.id) {
    return t.rich("both", {
      b: bold,
      budget,
      name: () => <RunName {...props} choice={smallest} />,
      size: () => <SizeText {...props} choice={smallest} />,
      speed: () => <SpeedText choice={fastest} />,
      quality: () => <QualityText {...props} choice={smallest} />,
    });
  }
  return common.rich("two", {
    first: () =>
      smallest
        ? t.rich("smallest", {
            b: bold,
            budget,
            name: () => <RunName {...props} choice={smallest} />,
            size: () => <SizeText {...props} choice={smallest} />,
            quality: () => <QualityText {...props} choice={smallest} />,
          })
        : t("noneSmaller", { budget }),
    second: () =>
      fastest
        ? t.rich("fastest", {
            b: bold,
            budget,
            name: () => <RunName {...props} choice={fastest} />,
            speed: () => <SpeedText choice={fastest} />,
            quality: () => <QualityText {...props} choice={fastest} />,
          })
        : t("noneFaster"),
  });
}

type Part = VerdictBarProps & { readonly choice: Choice };

function RunName({ choice, onSelect }: Part) {
  return (
    // A link breaks across lines as words do, and opens in another tab.
    <a
      className={styles.name}
      href={`?run=${choice.run.number}`}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        onSelect(choice.run.id);
      }}
    >
      {choice.run.recipeName}
    </a>
  );
}

function SizeText({ choice, question, units }: Part) {
  const locale = useLocale();
  const t = useTranslations("experiment.verdict");
  if (!choice.cost) return null;
  const { value: change } = formatDelta(question.size, choice.cost, units[question.size] ?? "B", locale);
  if (question.size === "size/gzip") return t("sizeGzip", { change });
  return question.size === "size/encoded" ? t("sizeEncoded", { change }) : t("sizeFile", { change });
}

function SpeedText({ choice }: { choice: Choice }) {
  const ratio = useRatio();
  const t = useTranslations("experiment.verdict");
  return choice.ratio === null ? null : t("speed", { ratio: ratio(choice.ratio) });
}

function QualityText({ choice, question, units }: Part) {
  return (
    <ChangeText
      id={question.quality}
      change={choice.quality}
      unit={units[question.quality] ?? ""}
      withUnit
      withWords={choice.quality.finding !== "worse" && choice.quality.finding !== "better"}
    />
  );
}

/** How the sentence was made: the rules and the numbers behind it. */
function Why({ verdict, question }: Pick<VerdictBarProps, "verdict" | "question">) {
  const t = useTranslations("experiment.verdict");
  const text = useMetricText();
  const budget = useBudgetText()(question.quality, question.budget);
  const unsure = [verdict.smallest, verdict.fastest].some((choice) => choice && !choice.surelyWithin);
  return (
    <Popover width={380} position="bottom-end" shadow="md" withArrow trapFocus>
      <Popover.Target>
        <Button variant="default" size="sm" className={styles.why}>
          {t("why")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={styles.reasons}>
        <p>
          {t("whyCompared", {
            count: verdict.compared,
            within: verdict.within,
            budget,
            metric: text.name(question.quality),
          })}
        </p>
        <p>{t("whyPaired")}</p>
        <p>{t("whyRanked")}</p>
        {unsure && <p>{t("whyUnsure", { budget })}</p>}
      </Popover.Dropdown>
    </Popover>
  );
}
