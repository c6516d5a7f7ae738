"use client";

import { useLocale, useTranslations } from "next-intl";
import { formatCount, formatShare } from "#components/ui/format.ts";
import { unitsLeft } from "./formulas.ts";
import styles from "./guide.module.css";
import { area, Plot, placeY } from "./plot.tsx";

const [ratio, rounds] = [0.5, 5];

/** Units that are left after each round. */
export function StructuredPicture() {
  const t = useTranslations("guide.training.structured");
  const locale = useLocale();
  const ticks = [0, 0.5, 1].map((at) => ({ at, text: formatShare(at, locale) }));
  const y = { min: 0, max: 1.1, ticks, name: "" };
  const group = area.width / (rounds + 1);
  const bar = 30;
  return (
    <Plot label={t("picture")} x={{ min: 0, max: 1, ticks: [], name: t("x") }} y={y}>
      {Array.from({ length: rounds + 1 }, (_, round) => {
        const share = unitsLeft(ratio, round, rounds);
        const middle = area.left + round * group + group / 2;
        const top = placeY(y, share);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a round is its number.
          <g key={round}>
            <rect
              className={styles.bar}
              data-series="1"
              x={middle - bar / 2}
              y={top}
              width={bar}
              height={area.top + area.height - top}
            />
            <text className={styles.small} x={middle} y={top - 4} textAnchor="middle">
              {formatShare(Number(share.toFixed(2)), locale)}
            </text>
            <text className={styles.small} x={middle} y={area.top + area.height + 14} textAnchor="middle">
              {formatCount(round, locale)}
            </text>
          </g>
        );
      })}
    </Plot>
  );
}
