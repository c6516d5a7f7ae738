"use client";

import { useLocale, useTranslations } from "next-intl";
import { formatCount, formatShare } from "#components/ui/format.ts";
import { cosineFactor, factorized, quantized, softmax, sparsityAt } from "./formulas.ts";
import styles from "./guide.module.css";
import { area, Plot, pathOf, placeX, placeY } from "./plot.tsx";

const warmup = 0.1;

/** The learning rate over a training: a short rise, then half a cosine. */
export function FinetunePicture() {
  const t = useTranslations("guide.training.finetune");
  const locale = useLocale();
  const shares = [0, 0.5, 1].map((at) => ({ at, text: formatShare(at, locale) }));
  const [x, y] = [
    { min: 0, max: 1, ticks: shares, name: t("x") },
    { min: 0, max: 1.08, ticks: shares, name: "" },
  ];
  return (
    <Plot label={t("picture")} x={x} y={y}>
      <path className={styles.line} data-series="1" d={pathOf(x, y, (done) => cosineFactor(done, warmup))} />
      <text className={styles.label} x={placeX(x, 0.62)} y={placeY(y, 0.62)}>
        {t("line")}
      </text>
    </Plot>
  );
}

const target = 0.8;

/** The share of zeros over gradual pruning, beside a pruning at one blow. */
export function PrunePicture() {
  const t = useTranslations("guide.training.prune");
  const locale = useLocale();
  const shares = (list: readonly number[]) => list.map((at) => ({ at, text: formatShare(at, locale) }));
  const x = { min: 0, max: 1, ticks: shares([0, 0.5, 1]), name: t("x") };
  const y = { min: 0, max: 1, ticks: shares([0, 0.4, 0.8]), name: "" };
  return (
    <Plot label={t("picture")} x={x} y={y}>
      <path className={styles.line} data-series="1" d={pathOf(x, y, (done) => sparsityAt(done, 0, target))} />
      {/* Where retraining happens: ten steps of the same curve. */}
      {Array.from({ length: 11 }, (_, at) => at / 10).map((done) => (
        <circle
          key={done}
          className={styles.dot}
          data-series="1"
          cx={placeX(x, done)}
          cy={placeY(y, sparsityAt(done, 0, target))}
          r={3.2}
        />
      ))}
      <text className={styles.label} x={placeX(x, 0.36)} y={placeY(y, 0.42)}>
        {t("line")}
      </text>
    </Plot>
  );
}

const scores = [6, 4, 1.5, 0] as const;

/** What a teacher says of one item at two temperatures. */
export function DistillPicture() {
  const t = useTranslations("guide.training.distill");
  const locale = useLocale();
  const y = {
    min: 0,
    max: 1,
    ticks: [0, 0.5, 1].map((at) => ({ at, text: formatShare(at, locale) })),
    name: "",
  };
  const group = area.width / scores.length;
  const bar = 26;
  const groups = [1, 4].map((temperature) => softmax(scores, temperature));
  return (
    <Plot
      label={t("picture", {
        cold: formatShare(Number(groups[0]?.[0]?.toFixed(2)), locale),
        warm: formatShare(Number(groups[1]?.[0]?.toFixed(2)), locale),
      })}
      x={{ min: 0, max: 1, ticks: [], name: t("x") }}
      y={y}
    >
      {scores.map((score, place) => (
        <g key={score}>
          {groups.map((shares, which) => {
            const share = shares[place] ?? 0;
            const left = area.left + place * group + group / 2 + (which === 0 ? -bar - 1 : 1);
            return (
              <g key={which === 0 ? "cold" : "warm"}>
                <rect
                  className={styles.bar}
                  data-series={which === 0 ? "1" : "4"}
                  x={left}
                  y={placeY(y, share)}
                  width={bar}
                  height={area.top + area.height - placeY(y, share)}
                />
                <text
                  className={styles.small}
                  x={left + bar / 2}
                  y={placeY(y, share) - 4}
                  textAnchor="middle"
                >
                  {formatShare(Number(share.toFixed(2)), locale)}
                </text>
              </g>
            );
          })}
          <text
            className={styles.tick}
            x={area.left + (place + 0.5) * group}
            y={area.top + area.height + 16}
            textAnchor="middle"
          >
            {t("score", { score: String(score) })}
          </text>
        </g>
      ))}
      {[1, 4].map((temperature, which) => (
        <g key={temperature}>
          <rect
            className={styles.bar}
            data-series={which === 0 ? "1" : "4"}
            x={area.left + 196}
            y={area.top + 8 + 20 * which}
            width={11}
            height={11}
          />
          <text className={styles.small} x={area.left + 213} y={area.top + 18 + 20 * which}>
            {t("temperature", { temperature: String(temperature) })}
          </text>
        </g>
      ))}
    </Plot>
  );
}

const [step, bits] = [0.25, 3];

/** What rounding makes of a weight, and the line that its gradient follows. */
export function QatPicture() {
  const t = useTranslations("guide.training.qat");
  const ticks = [-1, 0, 1].map((at) => ({ at, text: String(at).replace("-", "−") }));
  const [x, y] = [
    { min: -1.4, max: 1.4, ticks, name: t("x") },
    { min: -1.4, max: 1.4, ticks, name: "" },
  ];
  return (
    <Plot label={t("picture", { levels: String(2 ** bits) })} x={x} y={y}>
      <path
        className={styles.line}
        data-series="4"
        data-dashed
        d={pathOf(x, y, (value) =>
          Math.min(step * (2 ** (bits - 1) - 1), Math.max(-step * 2 ** (bits - 1), value)),
        )}
      />
      <path
        className={styles.line}
        data-series="1"
        d={pathOf(x, y, (value) => quantized(value, step, bits), 1_400)}
      />
      <text className={styles.label} x={placeX(x, 0.3)} y={placeY(y, -0.35)}>
        {t("line")}
      </text>
      <text className={styles.label} x={placeX(x, -1.3)} y={placeY(y, 0.72)}>
        {t("gradient")}
      </text>
    </Plot>
  );
}

const [rows, columns, rank] = [64, 48, 8];
const unit = 2.1;

/** A matrix and the two that take its place, drawn to one scale. */
export function LowRankPicture() {
  const t = useTranslations("guide.training.lowrank");
  const locale = useLocale();
  const { before, after } = factorized(rows, columns, rank);
  const top = 24;
  const boxes = [
    { key: "W", left: 34, width: columns, height: rows, series: "1" },
    { key: "A", left: 190, width: rank, height: rows, series: "4" },
    { key: "B", left: 230, width: columns, height: rank, series: "4" },
  ];
  return (
    <Plot label={t("picture", { before: formatCount(before, locale), after: formatCount(after, locale) })}>
      {boxes.map(({ key, left, width, height, series }) => (
        <g key={key}>
          <rect
            className={styles.box}
            data-series={series}
            x={left}
            y={top}
            width={width * unit}
            height={height * unit}
          />
          <text className={styles.label} x={left + (width * unit) / 2} y={top - 8} textAnchor="middle">
            {key}
          </text>
        </g>
      ))}
      <text className={styles.sign} x={164} y={top + 74} textAnchor="middle">
        +
      </text>
      <text className={styles.sign} x={218} y={top + 15} textAnchor="middle">
        ·
      </text>
      <text className={styles.tick} x={34} y={top + rows * unit + 18}>
        {t("size", { rows: String(rows), columns: String(columns), count: formatCount(before, locale) })}
      </text>
      <text className={styles.tick} x={190} y={top + rows * unit + 18}>
        {t("rank", { rank: String(rank), count: formatCount(after, locale) })}
      </text>
    </Plot>
  );
}
