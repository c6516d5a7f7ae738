"use client";

import { useTranslations } from "next-intl";
import { useId, useMemo, useRef } from "react";
import type { TextFault } from "../draft/text.ts";
import { useFaultText } from "../words/use-fault-text.ts";
import styles from "./editor.module.css";

export interface TextViewProps {
  readonly text: string;
  readonly faults: readonly TextFault[];
  readonly onChange: (text: string) => void;
}

/** Lines beyond which the gutter would cost more than it tells. */
const mostNumbered = 5_000;

/** The recipe as YAML, with numbered lines; what is wrong is listed by line and field. */
export function TextView({ text, faults, onChange }: TextViewProps) {
  const t = useTranslations("recipe.text");
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const wrong = new Set(faults.map(({ line }) => line));
  const lines = useMemo(() => Math.min(mostNumbered, text.split("\n").length), [text]);
  const goTo = (line: number) => {
    const field = area.current;
    if (!field) return;
    const before = text.split("\n").slice(0, line - 1);
    const start = before.reduce((sum, one) => sum + one.length + 1, 0);
    const end = text.indexOf("\n", start);
    field.focus();
    field.setSelectionRange(start, end < 0 ? text.length : end);
    field.scrollTop = Math.max(0, (line - 4) * 20);
  };
  return (
    <div className={styles.text}>
      <label htmlFor={id} className={styles.textLabel}>
        {t("label")}
      </label>
      <p className={styles.hint} id={`${id}-help`}>
        {t("help")}
      </p>
      <div className={styles.code} data-wrong={faults.length > 0 || undefined}>
        <div className={styles.gutter} ref={gutter} aria-hidden>
          {Array.from({ length: lines }, (_, index) => index + 1).map((line) => (
            <span key={line} data-wrong={wrong.has(line) || undefined}>
              {line}
            </span>
          ))}
        </div>
        <textarea
          id={id}
          ref={area}
          value={text}
          rows={Math.min(28, Math.max(12, lines + 1))}
          wrap="off"
          spellCheck={false}
          autoCapitalize="off"
          autoCorrect="off"
          aria-describedby={`${id}-help ${id}-faults`}
          aria-invalid={faults.length > 0}
          onChange={(event) => onChange(event.currentTarget.value)}
          onScroll={(event) => {
            if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop;
          }}
        />
      </div>
      <div id={`${id}-faults`} role="status" className={styles.textFaults}>
        {faults.length === 0 ? (
          <p className={styles.fine}>{t("fine")}</p>
        ) : (
          <>
            <p className={styles.stepFault}>{t("faults", { count: faults.length })}</p>
            <ul>
              {faults.slice(0, 20).map((fault) => (
                <FaultLine
                  key={`${fault.line} ${fault.field} ${fault.message}`}
                  fault={fault}
                  onGoTo={goTo}
                />
              ))}
            </ul>
          </>
        )}
      </div>
    </div>
  );
}

function FaultLine({ fault, onGoTo }: { fault: TextFault; onGoTo: (line: number) => void }) {
  const t = useTranslations("recipe.text");
  const sentence = useFaultText();
  const { line, field } = fault;
  const message = sentence(fault);
  return (
    <li>
      {line !== undefined && (
        <>
          <button
            type="button"
            className={styles.toLine}
            aria-label={t("goTo", { line })}
            onClick={() => onGoTo(line)}
          >
            {t("line", { line })}
          </button>{" "}
        </>
      )}
      {field === "" ? message : t("fieldAt", { field, message })}
    </li>
  );
}
