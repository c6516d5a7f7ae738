"use client";

import { Button, NativeSelect, SegmentedControl } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import { usePlace } from "#components/model/use-place.ts";
import { formatCount } from "#components/ui/format.ts";
import { TextLink } from "#components/ui/links.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { Incomparable } from "./agreement-panel.tsx";
import { filtered, outcomeOf, pageOf } from "./disagreeing.ts";
import { ExampleTable } from "./example-table.tsx";
import styles from "./examples.module.css";
import { type Outcome, outcomes } from "./search.ts";
import type { ComparedRun } from "./types.ts";
import { useDisagreeing } from "./use-disagreeing.ts";
import { useExperimentOf } from "./use-experiment-of.ts";

const pageSize = 15;

export interface ExamplesPanelProps {
  readonly reference: ComparedRun;
  readonly others: readonly ComparedRun[];
  readonly other: ComparedRun;
  readonly show: Outcome;
  readonly page: number;
  readonly onShow: (show: Outcome) => void;
  readonly onPage: (page: number) => void;
  readonly onOther: (runId: string) => void;
}

/** The items on which a run and the reference answer differently. */
export function ExamplesPanel(props: ExamplesPanelProps) {
  const { reference, others, other, onOther } = props;
  const t = useTranslations("compare.examples");
  return (
    <Panel
      title={t("title")}
      hint={t("hint", { recipe: other.recipeName, reference: reference.recipeName })}
      flush
      actions={
        others.length > 1 && (
          <span data-no-print>
            <NativeSelect
              size="xs"
              aria-label={t("with")}
              value={other.id}
              onChange={(event) => onOther(event.currentTarget.value)}
              data={others.map((run) => ({
                value: run.id,
                label: t("option", { number: run.number, recipe: run.recipeName }),
              }))}
            />
          </span>
        )
      }
    >
      {other.comparison?.comparable ? (
        <Examples {...props} />
      ) : (
        <p className={styles.none}>
          <Incomparable comparison={other.comparison} />
        </p>
      )}
    </Panel>
  );
}

function Examples({ reference, other, show, page, onShow, onPage }: ExamplesPanelProps) {
  const t = useTranslations("compare.examples");
  const locale = useLocale();
  const { rows: all, isWhole, isPending } = useDisagreeing(reference, other);
  const shown = filtered(all, show);
  const slice = pageOf(shown, page, pageSize);
  if (all.length === 0) return <p className={styles.none}>{t("agree")}</p>;
  const count = {
    // The comparison counts every item; how many differ without being gained or lost is known from the list alone.
    all: isWhole ? formatCount(all.length, locale) : "",
    lost: formatCount(other.comparison?.lost ?? 0, locale),
    gained: formatCount(other.comparison?.gained ?? 0, locale),
    other: isWhole ? formatCount(all.filter((row) => outcomeOf(row) === "other").length, locale) : "",
  };
  return (
    <>
      <div className={styles.filter} data-no-print>
        <SegmentedControl
          size="xs"
          aria-label={t("show")}
          value={show}
          onChange={(value) => onShow(outcomes.find((one) => one === value) ?? "all")}
          data={outcomes.map((one) => ({ value: one, label: t(one, { count: count[one] }).trim() }))}
        />
        {isPending && <span className={styles.quiet}>{t("loading")}</span>}
      </div>
      {!isWhole && !isPending && <p className={styles.cut}>{t("cut", { count: all.length })}</p>}
      {shown.length === 0 ? (
        <p className={styles.none}>{isWhole ? t("noneShown") : t("noneAmong", { count: all.length })}</p>
      ) : (
        <ExampleTable rows={slice.rows} reference={reference} other={other} />
      )}
      {slice.pages > 1 && (
        <div className={styles.pages} data-no-print>
          <Button
            size="xs"
            variant="default"
            disabled={slice.page === 1}
            onClick={() => onPage(slice.page - 1)}
          >
            {t("previous")}
          </Button>
          <span role="status">
            {t("pages", {
              from: formatCount(slice.from, locale),
              to: formatCount(slice.to, locale),
              count: formatCount(shown.length, locale),
            })}
          </span>
          <Button
            size="xs"
            variant="default"
            disabled={slice.page === slice.pages}
            onClick={() => onPage(slice.page + 1)}
          >
            {t("next")}
          </Button>
        </div>
      )}
      <Foot reference={reference} />
    </>
  );
}

/** What an item's number means, and where samples of the data can be looked at. */
function Foot({ reference }: { reference: ComparedRun }) {
  const t = useTranslations("compare.examples");
  const version = useTranslations("experiment");
  const place = usePlace();
  const dataset = useExperimentOf(reference)?.dataset;
  if (!dataset) return null;
  const href = `${place.base}/datasets/${dataset.slug}/${dataset.number}`;
  return (
    <p className={styles.foot}>
      {t.rich("foot", {
        dataset: version("version", { name: dataset.name, number: dataset.number }),
        link: (words) => <TextLink href={href}>{words}</TextLink>,
      })}
    </p>
  );
}
