"use client";

import { Button, Skeleton } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { type ReactNode, useEffect } from "react";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { SubmitRunButton } from "#components/benchmark/submit-run.tsx";
import { usePlace } from "#components/model/use-place.ts";
import { RemarkLine } from "#components/remark/remark-line.tsx";
import { breakEvenOf } from "#components/run/break-even.ts";
import { ChangeText } from "#components/run/change-text.tsx";
import { classChange, classesOf, worstClass } from "#components/run/classes.ts";
import { ProgressLine } from "#components/run/progress-line.tsx";
import { downloadHref } from "#components/run/run-header.tsx";
import { StateBadge } from "#components/run/state-badge.tsx";
import { Swatch } from "#components/run/swatch.tsx";
import { useClassNames } from "#components/run/use-class-names.ts";
import { useMetricText } from "#components/run/use-metric-text.ts";
import { useRecipeName } from "#components/run/use-recipe-name.ts";
import { useRunControl } from "#components/run/use-run-control.ts";
import { useStepSummary } from "#components/run/use-step-summary.ts";
import { ValueDetails } from "#components/run/value-details.tsx";
import { DataNumber } from "#components/ui/data-number.tsx";
import { LinkButton } from "#components/ui/links.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { changeOf } from "#contracts/change.ts";
import type { ExperimentDetail } from "#contracts/experiment.ts";
import { saidBy } from "#contracts/problem.ts";
import { hasEnded, type RunDetail, type RunRow, type RunValue } from "#contracts/run.ts";
import styles from "./experiment.module.css";

export interface RunSideProps {
  readonly row: RunRow;
  readonly baseline: RunRow | undefined;
  readonly experiment: ExperimentDetail;
  readonly quality: string | null;
}

/** The selected run beside the table: what was done, what came of it, where to go from here. */
export function RunSide({ row, baseline, experiment, quality }: RunSideProps) {
  const place = usePlace();
  const trpc = useTRPC();
  const nameOf = useRecipeName();
  const progress = useTranslations("run.progress");
  const detail = useQuery({
    ...trpc.run.get.queryOptions({ org: place.org, runId: row.id }),
    staleTime: hasEnded(row.state) ? 60_000 : 0,
    refetchInterval: hasEnded(row.state) ? false : 5_000,
  });
  // What was read while the run was going lacks its report and its file, however fresh it is.
  const { refetch } = detail;
  const isBehind = detail.data !== undefined && detail.data.state !== row.state;
  useEffect(() => {
    if (isBehind) void refetch();
  }, [isBehind, refetch]);
  return (
    <Panel
      title={
        <span className={styles.runName}>
          <Swatch run={row} />
          {nameOf(row)}
        </span>
      }
      actions={<StateBadge state={row.state} cancelling={row.cancelRequested} />}
    >
      <ErrorNote error={detail.error} onRetry={() => void detail.refetch()} />
      {row.state === "running" && (
        <div className={styles.progress}>
          <ProgressLine
            state={row.state}
            progress={row.progress}
            attempt={row.attempt}
            label={progress("label", { recipe: nameOf(row) })}
          />
        </div>
      )}
      <Facts row={row} baseline={baseline} experiment={experiment} quality={quality} detail={detail.data} />
      <Actions row={row} baseline={baseline} detail={detail.data} />
    </Panel>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Facts({
  row,
  baseline,
  experiment,
  quality,
  detail,
}: RunSideProps & { readonly detail: RunDetail | undefined }) {
  const t = useTranslations("experiment.side");
  const version = useTranslations("experiment")("version", {
    name: experiment.model.name,
    number: experiment.model.number,
  });
  const text = useMetricText();
  const stepSummary = useStepSummary();
  const value = quality ? row.values[quality] : undefined;
  const change =
    quality && value && !row.isBaseline ? changeOf(quality, value, baseline?.values[quality]) : null;
  return (
    <dl className={styles.facts}>
      <Fact name={t("recipe")}>
        {detail ? (
          row.isBaseline ? (
            t("baseline")
          ) : (
            detail.recipe.steps.map(stepSummary).join(" → ")
          )
        ) : (
          <Skeleton height={16} />
        )}
      </Fact>
      <Fact name={t("parent")}>{version}</Fact>
      {quality && value && (
        <Fact name={text.short(quality)}>
          <ValueOf value={value} />
        </Fact>
      )}
      {quality && value && change && (
        <Fact name={t("change")}>
          <ChangeText id={quality} change={change} unit={value.unit} withUnit withWords />
        </Fact>
      )}
      {["size/file", "size/gzip", "size/encoded", "size/sparsity", "experiment/energy"].map((metric) => {
        const own = row.values[metric];
        return (
          own && (
            <Fact key={metric} name={text.short(metric)}>
              <ValueOf value={own} />
            </Fact>
          )
        );
      })}
      {detail && <WorstClass detail={detail} experiment={experiment} />}
      {row.state === "succeeded" && !row.isBaseline && (
        <Fact name={t("breakEven")}>
          <BreakEvenText row={row} baseline={baseline} />
        </Fact>
      )}
      {row.problem && (
        <Fact name={t("reason")}>
          <RemarkLine said={saidBy(row.problem)} />
        </Fact>
      )}
    </dl>
  );
}

function ValueOf({ value }: { value: RunValue }) {
  const isExact = value.interval === "exact";
  return (
    <DataNumber
      value={value.value}
      unit={value.unit}
      interval={value.interval}
      tier={isExact ? undefined : value.tier}
      details={<ValueDetails of={value} />}
    />
  );
}

function WorstClass({ detail, experiment }: { detail: RunDetail; experiment: ExperimentDetail }) {
  const t = useTranslations("experiment.side");
  const nameOf = useClassNames(experiment.dataset);
  const worst = worstClass(classesOf(detail.measurements));
  const change = worst?.change;
  if (!change) return null;
  return (
    <Fact name={t("worstClass")}>
      {t.rich("worst", {
        name: nameOf(worst.class),
        change: () => <ChangeText id="quality/top1" change={classChange(change)} unit="fraction" withUnit />,
      })}
    </Fact>
  );
}

function BreakEvenText({ row, baseline }: { row: RunRow; baseline: RunRow | undefined }) {
  const t = useTranslations("experiment.side.breakEvenText");
  const locale = useLocale();
  const found = breakEvenOf(row.values, baseline?.values);
  if (found.kind !== "after") return t(found.kind);
  const count = new Intl.NumberFormat(locale, {
    notation: "compact",
    compactDisplay: "long",
    maximumSignificantDigits: 2,
  });
  const whole = (part: number) => count.format(part);
  if (!found.band) return t("after", { count: whole(found.inferences) });
  const { from, to } = found.band;
  return t("between", { count: whole(found.inferences), low: whole(from), high: whole(to) });
}

function Actions({
  row,
  baseline,
  detail,
}: Pick<RunSideProps, "row" | "baseline"> & { readonly detail: RunDetail | undefined }) {
  const t = useTranslations("experiment.side");
  const page = useTranslations("run.page");
  const place = usePlace();
  const control = useRunControl(place.org);
  const isActive = !hasEnded(row.state);
  const canRetry = row.state === "failed" || row.state === "cancelled";
  return (
    <div className={styles.buttons}>
      <LinkButton variant="default" href={`${place.base}/runs/${row.id}`}>
        {t("open")}
      </LinkButton>
      {detail?.outputVersionId && (
        <Button
          component="a"
          variant="default"
          href={downloadHref(place.org, detail.outputVersionId)}
          download
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          {t("download")}
        </Button>
      )}
      {baseline && !row.isBaseline && row.state === "succeeded" && (
        <LinkButton variant="default" href={`${place.base}/compare?runs=${baseline.id},${row.id}`}>
          {t("compare")}
        </LinkButton>
      )}
      {detail && place.may("benchmark.submit") && !row.isBaseline && row.state === "succeeded" && (
        <SubmitRunButton org={place.org} run={detail} />
      )}
      {control.isAllowed && isActive && (
        <Button
          variant="default"
          disabled={row.cancelRequested}
          loading={control.isBusy}
          onClick={() => control.cancel(row.id)}
        >
          {page("cancel")}
        </Button>
      )}
      {control.isAllowed && canRetry && (
        <Button variant="default" loading={control.isBusy} onClick={() => control.retry(row.id)}>
          {page("retry")}
        </Button>
      )}
    </div>
  );
}
