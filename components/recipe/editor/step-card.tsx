"use client";

import { ActionIcon, Button, Collapse, Group } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowUp,
  IconChevronDown,
  IconCopy,
  IconGripVertical,
  IconTrash,
} from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useId } from "react";
import { RemarkLine } from "#components/remark/remark-line.tsx";
import { TextLink } from "#components/ui/links.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Ordinal } from "#components/ui/ordinal.tsx";
import { withoutDefaults } from "#contracts/step-options.ts";
import type { Remark } from "#engine/remarks/remark.schema.ts";
import { type DraftStep, isKnown } from "../draft/draft.ts";
import type { Fault } from "../draft/fault.ts";
import { StepFields } from "../form/step-fields.tsx";
import { needOfDraft } from "../need-badge.tsx";
import { StepName } from "../step-name.tsx";
import { useTechniqueWords } from "../words/technique-words.ts";
import { useOptionLine } from "../words/use-option-facts.ts";
import styles from "./editor.module.css";
import type { StepDrag } from "./use-step-drag.ts";

export interface StepCardProps {
  readonly step: DraftStep;
  /** From 0. */
  readonly place: number;
  readonly count: number;
  /** Paths begin at the step. */
  readonly faults: readonly Fault[];
  /** What is to be said of the step's place among the others. */
  readonly warnings: readonly Remark[];
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly onMove: (to: number) => void;
  readonly onDuplicate: () => void;
  readonly onRemove: () => void;
  readonly onOption: (path: readonly string[], value: unknown) => void;
  readonly onReset: () => void;
  readonly handle: ReturnType<StepDrag["handle"]>;
  readonly isDragged: boolean;
  /** Where a dragged step would come to stand, seen from this one. */
  readonly drop: "before" | "after" | undefined;
}

/** A step of a recipe: what it does, where it stands, and its options. */
export function StepCard(props: StepCardProps) {
  const { step, place, faults, warnings, isOpen } = props;
  const t = useTranslations("recipe.editor");
  const words = useTechniqueWords();
  const line = useOptionLine();
  const id = useId();
  const name = words.name(step.use);
  const known = isKnown(step);
  const hasOptions = Object.keys(withoutDefaults(step)).length > 0;
  return (
    <li
      className={styles.step}
      data-step={step.id}
      data-dragged={props.isDragged || undefined}
      data-drop={props.drop}
    >
      <div className={styles.stepHead}>
        <Handle {...props} name={name} />
        <button
          type="button"
          className={styles.stepFace}
          aria-expanded={isOpen}
          aria-controls={`${id}-options`}
          onClick={props.onToggle}
        >
          <Ordinal position={place + 1} isWrong={faults.length > 0} />
          <span className={styles.stepWords}>
            <StepName step={step}>
              <span className="visually-hidden">{t("position", { position: place + 1 })} </span>
            </StepName>
            {faults.length > 0 ? (
              <span className={styles.stepFault}>{t("faults", { count: faults.length })}</span>
            ) : (
              <span className={styles.stepLine}>{line(step)}</span>
            )}
          </span>
          <IconChevronDown size={16} className={styles.chevron} aria-hidden />
        </button>
        <Actions {...props} />
      </div>
      {warnings.length > 0 && (
        <div className={styles.warnings}>
          <Notice tone="warning" title={t("warning")}>
            <ul>
              {warnings.map((message) => (
                <li key={JSON.stringify(message)}>
                  <RemarkLine said={message} />
                </li>
              ))}
            </ul>
          </Notice>
        </div>
      )}
      <Collapse expanded={isOpen} id={`${id}-options`}>
        <fieldset className={styles.stepForm} aria-label={t("options", { position: place + 1, name })}>
          <p className={styles.stepText}>
            {known ? words.text(step.use) : t("unknown")}{" "}
            {needOfDraft(step) === "training data" && (
              <TextLink href="/guide/training" target="_blank">
                {t("how")}
              </TextLink>
            )}
          </p>
          {known && <StepFields step={step} faults={faults} onChange={props.onOption} />}
          {known && hasOptions && (
            <Group justify="flex-end" mt="xs">
              <Button size="compact-xs" variant="subtle" onClick={props.onReset}>
                {t("reset")}
              </Button>
            </Group>
          )}
        </fieldset>
      </Collapse>
    </li>
  );
}

/** Moves the step by arrow keys or by dragging. */
function Handle({ step, place, onMove, handle, name }: StepCardProps & { readonly name: string }) {
  const t = useTranslations("recipe.editor");
  const press = (event: KeyboardEvent) => {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (by === 0) return;
    event.preventDefault();
    onMove(place + by);
  };
  return (
    <button
      type="button"
      className={styles.handle}
      data-handle={step.id}
      aria-label={t("move", { position: place + 1, name })}
      onKeyDown={press}
      {...handle}
    >
      <IconGripVertical size={16} aria-hidden />
    </button>
  );
}

function Actions({ place, count, onMove, onDuplicate, onRemove }: StepCardProps) {
  const t = useTranslations("recipe.editor");
  const position = place + 1;
  const icon = { size: 16, "aria-hidden": true } as const;
  return (
    <div className={styles.stepActions}>
      <ActionIcon aria-label={t("up", { position })} disabled={place === 0} onClick={() => onMove(place - 1)}>
        <IconArrowUp {...icon} />
      </ActionIcon>
      <ActionIcon
        aria-label={t("down", { position })}
        disabled={position === count}
        onClick={() => onMove(place + 1)}
      >
        <IconArrowDown {...icon} />
      </ActionIcon>
      <ActionIcon aria-label={t("duplicate", { position })} onClick={onDuplicate}>
        <IconCopy {...icon} />
      </ActionIcon>
      <ActionIcon aria-label={t("remove", { position })} onClick={onRemove}>
        <IconTrash {...icon} />
      </ActionIcon>
    </div>
  );
}
