import type { useTranslations } from "next-intl";

type Words = ReturnType<typeof useTranslations<"dataset">>;
const tasks = ["classification", "regression", "ranking"] as const;

/** A task in the reader's language; one that this version does not know by its own name. */
export function taskName(t: Words, task: string): string {
  const known = tasks.find((each) => each === task);
  return known ? t(`task.${known}`) : task;
}
