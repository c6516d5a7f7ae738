"use client";

import { useTranslations } from "next-intl";
import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { useBudgetText } from "../use-budget-text.ts";
import { budgetAt, budgetLevel, clampBudget, mostBudget } from "./budget.ts";
import styles from "./frontier.module.css";
import type { Layout } from "./layout.ts";

export interface BudgetLineProps {
  readonly layout: Layout;
  readonly quality: string;
  readonly baseline: number;
  readonly budget: number;
  readonly onChange: (budget: number) => void;
}

const steps: Readonly<Record<string, number>> = {
  ArrowUp: -0.001,
  ArrowDown: 0.001,
  ArrowLeft: -0.001,
  ArrowRight: 0.001,
  PageUp: -0.01,
  PageDown: 0.01,
};

/** The accepted loss as a line across the picture, moved by pointer or arrow keys. */
export function BudgetLine({ layout, quality, baseline, budget, onChange }: BudgetLineProps) {
  const t = useTranslations("experiment.frontier");
  const budgetText = useBudgetText();
  // While it is dragged the picture stands still; the page follows when it is let go.
  const [dragged, setDragged] = useState<number | null>(null);
  const shown = dragged ?? budget;
  const top = layout.y.toPixel(budgetLevel(quality, baseline, shown));
  const move = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const frame = event.currentTarget.parentElement?.getBoundingClientRect();
    if (!frame) return;
    const bounded = Math.min(
      layout.area.y + layout.area.height,
      Math.max(layout.area.y, event.clientY - frame.top),
    );
    setDragged(budgetAt(quality, baseline, layout.y.fromPixel(bounded)));
  };
  const end = () => {
    if (dragged !== null) onChange(dragged);
    setDragged(null);
  };
  const press = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onChange(clampBudget(budget + step));
  };
  return (
    <div
      className={styles.budget}
      style={{ top, left: layout.area.x, width: layout.area.width }}
      role="slider"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={t("budgetLabel")}
      aria-valuemin={0}
      aria-valuemax={mostBudget * 100}
      aria-valuenow={Number((shown * 100).toFixed(2))}
      aria-valuetext={budgetText(quality, shown)}
      data-dragging={dragged !== null || undefined}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        setDragged(budget);
      }}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={() => setDragged(null)}
      onKeyDown={press}
    >
      <span
        className={styles.budgetText}
        data-along={layout.budgetWords.along}
        data-side={layout.budgetWords.side}
      >
        {t("budget", { budget: budgetText(quality, shown) })}
      </span>
    </div>
  );
}
