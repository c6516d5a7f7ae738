"use client";

import { SegmentedControl, Textarea, type TextareaProps } from "@mantine/core";
import { useUncontrolled } from "@mantine/hooks";
import { useTranslations } from "next-intl";
import { type ReactNode, type Ref, useId, useState } from "react";
import { Markdown } from "#components/ui/markdown.tsx";
import styles from "./note.module.css";

export interface MarkdownFieldProps
  extends Omit<TextareaProps, "value" | "defaultValue" | "onChange" | "label" | "ref"> {
  readonly label: string;
  readonly value?: string;
  readonly defaultValue?: string;
  readonly onChange?: (value: string) => void;
  readonly ref?: Ref<HTMLTextAreaElement>;
  /** Buttons that insert something. */
  readonly tools?: ReactNode;
}

/** A field for Markdown: write, and see how it will look. */
export function MarkdownField({ value, defaultValue, onChange, label, tools, ...rest }: MarkdownFieldProps) {
  const t = useTranslations("note");
  const [text, setText] = useUncontrolled({
    value,
    defaultValue,
    finalValue: "",
    ...(onChange && { onChange }),
  });
  const [view, setView] = useState<"write" | "preview">("write");
  const id = useId();
  return (
    <div>
      <div className={styles.fieldHead}>
        <label htmlFor={id} className={styles.fieldLabel}>
          {label}
        </label>
        {view === "write" && tools}
        <SegmentedControl
          size="xs"
          aria-label={t("viewOf", { label })}
          value={view}
          onChange={(next) => setView(next === "preview" ? "preview" : "write")}
          data={[
            { value: "write", label: t("write") },
            { value: "preview", label: t("preview") },
          ]}
        />
      </div>
      <Textarea
        {...rest}
        id={id}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        autosize
        minRows={rest.minRows ?? 6}
        maxRows={rest.maxRows ?? 24}
        // Hidden, not removed: the caret and the browser's own undo stay.
        display={view === "write" ? undefined : "none"}
        spellCheck
      />
      {view === "preview" && (
        <section className={styles.preview} aria-label={t("preview")}>
          {text.trim() === "" ? t("nothingYet") : <Markdown>{text}</Markdown>}
        </section>
      )}
    </div>
  );
}
