"use client";

import { Tooltip } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { Tier } from "#contracts/measurement.ts";
import styles from "./tier-mark.module.css";

/** ● metered, ◐ modelled, ○ imported, ◌ planned; drawn, because fonts disagree about the size of these characters. */
function Glyph({ tier }: { tier: Tier }) {
  const ring = { cx: 5, cy: 5, r: 4, fill: "none", stroke: "currentColor", strokeWidth: 1.3 };
  return (
    <svg className={styles.glyph} viewBox="0 0 10 10" aria-hidden="true" focusable="false">
      {tier === "metered" && <circle cx={5} cy={5} r={4.6} fill="currentColor" />}
      {tier === "modelled" && <path d="M5 1a4 4 0 0 0 0 8z" fill="currentColor" />}
      {tier !== "metered" && (
        <circle {...ring} strokeDasharray={tier === "planned" ? "1.6 1.54" : undefined} />
      )}
    </svg>
  );
}

export interface TierMarkProps {
  readonly tier: Tier;
  /** The word beside the mark; without it a screen reader still hears it. */
  readonly withLabel?: boolean;
  /** Method, samples, hardware, date: shown on hover and focus under the tier's meaning. */
  readonly details?: ReactNode;
}

/** How a value came to be. Values of different tiers are shown with different marks everywhere. */
export function TierMark({ tier, withLabel, details }: TierMarkProps) {
  const t = useTranslations("common.tier");
  const label = (
    <>
      <div>{t(`${tier}Help`)}</div>
      {details}
    </>
  );
  return (
    <Tooltip label={label}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the explanation must be reachable by keyboard. */}
      <span className={styles.mark} tabIndex={0} role="img" aria-label={`${t(tier)}. ${t(`${tier}Help`)}`}>
        <Glyph tier={tier} />
        {withLabel && <span aria-hidden>{t(tier)}</span>}
      </span>
    </Tooltip>
  );
}
