"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import type { OrderWarning } from "#engine/passes/order-check.ts";
import { type Draft, type DraftStep, duplicated, moved, withOption, withoutStep } from "../draft/draft.ts";
import type { Fault } from "../draft/fault.ts";
import { faultsAt } from "../form/field-props.ts";
import { useTechniqueWords } from "../words/technique-words.ts";
import styles from "./editor.module.css";
import { StepCard } from "./step-card.tsx";
import { useStepDrag } from "./use-step-drag.ts";

export interface StepListProps {
  readonly draft: Draft;
  readonly change: (next: (draft: Draft) => Draft, subject?: string) => void;
  readonly faults: readonly Fault[];
  readonly warnings: readonly OrderWarning[];
  readonly isOpen: (id: string) => boolean;
  readonly onToggle: (id: string) => void;
  /** Says to a screen reader what has happened. */
  readonly say: (words: string) => void;
}

/** The steps in their order, each to be moved, changed, doubled and removed. */
export function StepList({ draft, change, faults, warnings, isOpen, onToggle, say }: StepListProps) {
  const t = useTranslations("recipe.editor");
  const words = useTechniqueWords();
  const focus = useFocusLater();
  const { steps } = draft;
  const move = (step: DraftStep, to: number) => {
    if (to < 0 || to >= steps.length) return;
    change((now) => moved(now, step.id, to));
    say(t("movedTo", { name: words.name(step.use), position: to + 1, count: steps.length }));
    focus(step.id);
  };
  const dragging = useStepDrag((id, to) => {
    const step = steps.find((one) => one.id === id);
    if (step) move(step, to);
  });
  const remove = (step: DraftStep, place: number) => {
    change((now) => withoutStep(now, step.id));
    say(t("removed", { name: words.name(step.use) }));
    focus((steps[place + 1] ?? steps[place - 1])?.id);
  };
  const others = steps.filter(({ id }) => id !== dragging.drag?.id);
  return (
    <ol className={styles.steps} ref={dragging.listRef}>
      {steps.map((step, place) => (
        <StepCard
          key={step.id}
          step={step}
          place={place}
          count={steps.length}
          faults={faultsAt(faultsAt(faults, "steps"), place)}
          warnings={warnings.filter((one) => one.step === place).map(({ message }) => message)}
          isOpen={isOpen(step.id)}
          onToggle={() => onToggle(step.id)}
          onMove={(to) => move(step, to)}
          onDuplicate={() => {
            change((now) => duplicated(now, step.id));
            say(t("added", { name: words.name(step.use), position: place + 2 }));
          }}
          onRemove={() => remove(step, place)}
          onOption={(path, value) =>
            change((now) => withOption(now, step.id, path, value), `${step.id} ${path.join(".")}`)
          }
          onReset={() =>
            change((now) => ({
              ...now,
              steps: now.steps.map((one) => (one.id === step.id ? { ...one, options: {} } : one)),
            }))
          }
          handle={dragging.handle(step.id, place)}
          isDragged={dragging.drag?.id === step.id}
          drop={dropAt(others, step.id, dragging.drag?.to)}
        />
      ))}
    </ol>
  );
}

function dropAt(others: readonly DraftStep[], id: string, to: number | undefined) {
  if (to === undefined) return undefined;
  const place = others.findIndex((step) => step.id === id);
  if (place < 0) return undefined;
  if (place === to) return "before";
  return to === others.length && place === to - 1 ? "after" : undefined;
}

/** Puts the focus on a step's handle once the list shows it at its new place; `undefined`: on the button to add one. */
function useFocusLater(): (id: string | undefined) => void {
  const wanted = useRef<string | undefined>(undefined);
  const [, again] = useState(0);
  useEffect(() => {
    const selector = wanted.current;
    if (selector === undefined) return;
    wanted.current = undefined;
    document.querySelector<HTMLElement>(selector)?.focus();
  });
  return (id) => {
    wanted.current = id === undefined ? "[data-add-step]" : `[data-handle="${CSS.escape(id)}"]`;
    again((count) => count + 1);
  };
}
