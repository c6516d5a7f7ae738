"use client";

import { Textarea } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { parse, stringify, YAMLError } from "yaml";
import { syntaxKey } from "#components/ui/yaml-syntax.ts";
import { type Draft, isObject } from "./draft.ts";
import { useIssueText, useManifest } from "./manifest-context.tsx";

/** The manifest as YAML, to be written by hand. The form follows as soon as it is YAML. */
export function YamlView({ onDraft }: { onDraft: (draft: Draft) => void }) {
  const t = useTranslations("dataset.form");
  const yaml = useTranslations("common.yaml");
  const sentence = useIssueText();
  const { draft, issues } = useManifest();
  const [text, setText] = useState(() => stringify(draft));
  const [wrong, setWrong] = useState<string>();
  const change = (next: string) => {
    setText(next);
    try {
      const value: unknown = parse(next);
      if (!isObject(value)) return setWrong(t("yamlNoObject"));
      setWrong(undefined);
      onDraft(value);
    } catch (error) {
      const message = yaml(syntaxKey(error));
      const line = error instanceof YAMLError ? error.linePos?.[0].line : undefined;
      setWrong(line === undefined ? message : yaml("atLine", { line, message }));
    }
  };
  const complaints = issues.map((issue) => `${issue.path}: ${sentence(issue)}`).join("\n");
  return (
    <Textarea
      label={t("yaml")}
      description={t("yamlHelp")}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      error={wrong ?? (complaints === "" ? undefined : complaints)}
      // Complaints above the text, where they are seen while it is written.
      inputWrapperOrder={["label", "description", "error", "input"]}
      autosize
      minRows={14}
      maxRows={40}
      spellCheck={false}
      styles={{
        input: {
          fontFamily: "var(--mantine-font-family-monospace)",
          fontSize: "0.8125rem",
          color: "var(--mantine-color-text)",
        },
        error: { whiteSpace: "pre-line", marginBottom: 6 },
      }}
    />
  );
}
