"use client";

import { Badge } from "@mantine/core";
import { useTranslations } from "next-intl";
import { type StepDraft, stepOf } from "#contracts/step-options.ts";
import { type Need, needOf } from "#engine/passes/needs.ts";
import type { Step } from "#engine/passes/step.schema.ts";

/** What a step must be given besides the model; nothing is said of one that is still wrong. */
export function needOfDraft(step: StepDraft): Need {
  const checked = stepOf(step);
  return checked ? needOf(checked) : "nothing";
}

/** The techniques among these steps that can do nothing without data. */
export function thoseInNeed(steps: readonly Step[]): string[] {
  return [...new Set(steps.filter((step) => needOf(step) !== "nothing").map(({ use }) => use))];
}

/** The techniques among these steps that train. */
export function thoseThatTrain(steps: readonly Step[]): string[] {
  return [...new Set(steps.filter((step) => needOf(step) === "training data").map(({ use }) => use))];
}

export function NeedBadge({ need }: { need: Need }) {
  const t = useTranslations("recipe.needs");
  if (need === "nothing") return null;
  return <Badge color="gray">{t(need === "calibration data" ? "calibration" : "training")}</Badge>;
}
