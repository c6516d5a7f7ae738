"use client";

import { Alert, Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { RemarkLine } from "#components/remark/remark-line.tsx";
import { type Problem, saidBy } from "#contracts/problem.ts";

/** Codes of the engine and the worker that have their own advice. */
const advised = [
  "not-a-model",
  "truncated",
  "malformed",
  "limit-exceeded",
  "unsupported",
  "invalid-option",
  "data-mismatch",
  "runtime-refused",
  "file-failed",
  "outOfMemory",
  "timeLimit",
  "storeFull",
] as const;

export function adviceOf(code: string): (typeof advised)[number] | "crashed" | "other" {
  if (code === "childCrashed" || code === "childKilled") return "crashed";
  return advised.find((known) => known === code) ?? "other";
}

export interface ProblemNoteProps {
  readonly fileName: string;
  readonly problem: Problem;
  readonly actions?: ReactNode;
}

/** A refused file: what is wrong, where, what to do, and that nothing of it was kept. */
export function ProblemNote({ fileName, problem, actions }: ProblemNoteProps) {
  const t = useTranslations("upload");
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      c="var(--mantine-color-text)"
      bg="var(--app-worse-soft)"
      icon={<IconAlertTriangle size={18} aria-hidden />}
      title={t("rejected.title", { name: fileName })}
    >
      <ProblemText problem={problem} />
      {actions !== undefined && (
        <Group gap="xs" mt="sm">
          {actions}
        </Group>
      )}
    </Alert>
  );
}

/** What is wrong, where, and what to do. */
export function ProblemText({ problem }: { problem: Problem }) {
  const t = useTranslations("upload");
  const common = useTranslations("common");
  return (
    <>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        <RemarkLine said={saidBy(problem)} />
      </Text>
      {problem.place !== undefined && (
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {t("place", { place: problem.place })}
        </Text>
      )}
      <Text size="sm" mt={6}>
        {t(`rejected.${adviceOf(problem.code)}`)}
      </Text>
      <Text size="xs" c="dimmed" mt={4}>
        {common.rich("two", {
          first: () => t("rejected.kept"),
          second: () => t("code", { code: problem.code }),
        })}
      </Text>
    </>
  );
}
