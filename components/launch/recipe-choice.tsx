"use client";

import { ActionIcon, Checkbox, Collapse } from "@mantine/core";
import { IconAdjustments } from "@tabler/icons-react";
import { useLocale, useTranslations } from "next-intl";
import { useId, useState } from "react";
import { useMetricText } from "#components/run/use-metric-text.ts";
import { formatShare } from "#components/ui/format.ts";
import { useList } from "#components/ui/use-list.ts";
import { useRatio } from "#components/ui/use-ratio.ts";
import {
  type CardChoice,
  type CardField,
  changedFields,
  choiceOf,
  expectedBytes,
  fieldValue,
  isLikelyApplicable,
  type RecipeCard,
} from "#contracts/recipe-card.ts";
import type { Inspection } from "#engine/inspect.schema.ts";
import { CardFields } from "./card-fields.tsx";
import styles from "./launch.module.css";

export interface RecipeChoiceProps {
  readonly card: RecipeCard;
  /** undefined where the recipe is not chosen. */
  readonly choice: CardChoice | undefined;
  readonly onChange: (choice: CardChoice | undefined) => void;
  readonly inspection: Inspection | null;
}

/** A recipe to choose: what it does, when it pays, what to expect of it, and its options. */
export function RecipeChoice({ card, choice, onChange, inspection }: RecipeChoiceProps) {
  const t = useTranslations("experiment.launch");
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const isChosen = choice !== undefined;
  const current = choice ?? choiceOf(card);
  const fits = inspection === null || isLikelyApplicable(current.step, inspection);
  return (
    <div className={styles.card} data-chosen={isChosen || undefined}>
      <label className={styles.cardFace} htmlFor={id}>
        <span className={styles.cardHead}>
          <Checkbox
            id={id}
            checked={isChosen}
            onChange={(event) => onChange(event.currentTarget.checked ? choiceOf(card) : undefined)}
            aria-describedby={`${id}-text`}
          />
          <span className={styles.cardName}>{card.name}</span>
          <Expected choice={current} inspection={inspection} />
        </span>
        <span id={`${id}-text`}>
          <span className={styles.cardText}>{t(`card.${card.name}.text`)}</span>
          <span className={styles.cardPays}>{t(`card.${card.name}.pays`)}</span>
          {!fits && <span className={styles.cardWarning}>{t(`card.${card.name}.unlikely`)}</span>}
        </span>
      </label>
      {isChosen && (
        <div className={styles.cardOptions}>
          <div className={styles.cardSummary}>
            <span>
              <Options card={card} choice={current} />
            </span>
            <ActionIcon
              size="md"
              onClick={() => setIsOpen(!isOpen)}
              aria-expanded={isOpen}
              aria-controls={`${id}-options`}
              aria-label={t("editOptions", { recipe: card.name })}
            >
              <IconAdjustments size={16} aria-hidden />
            </ActionIcon>
          </div>
          <Collapse expanded={isOpen} id={`${id}-options`}>
            <div className={styles.cardForm}>
              <CardFields fields={card.fields} choice={current} onChange={onChange} />
            </div>
          </Collapse>
        </div>
      )}
    </div>
  );
}

/** How many times smaller: computed from this model's weights where it is known, said in general otherwise. */
function Expected({ choice, inspection }: { choice: CardChoice; inspection: Inspection | null }) {
  const t = useTranslations("experiment.launch");
  const times = useRatio();
  const text = useMetricText();
  const bytes = inspection === null ? undefined : expectedBytes(choice.step, inspection);
  if (inspection === null || bytes === undefined)
    return <span className={styles.expected}>{t(`card.${choice.name}.expected`)}</span>;
  const ratio = inspection.bytes / Math.max(1, bytes);
  const words = ratio < 1.02 ? t("sameSize") : t("about", { ratio: times(ratio) });
  return (
    <span className={styles.expected} title={t("expectedHelp", { size: text.quantity(bytes, "B") })}>
      {words}
    </span>
  );
}

/** The options in force: those that a reader asks for first, and whatever was changed. */
function Options({ card, choice }: { card: RecipeCard; choice: CardChoice }) {
  const t = useTranslations("experiment.launch");
  const field = useTranslations("experiment.launch.field");
  const value = useValueText();
  const changed = new Set(changedFields(choice).map(({ key }) => key));
  const parts = card.fields
    .filter((one, index) => index === 0 || changed.has(one.key))
    .map((one) => t("option", { name: field(`${one.key}.label`), value: value(one, choice) }));
  return [...parts, ...(changed.size === 0 && choice.shares.length === 0 ? [t("defaults")] : [])].join(" · ");
}

function useValueText(): (field: CardField, choice: CardChoice) => string {
  const t = useTranslations("experiment.launch");
  const locale = useLocale();
  const list = useList();
  return (field, choice) => {
    if (field.kind === "shares") {
      const shares = choice.shares.length > 0 ? choice.shares : [field.fallback];
      return list(shares.map((share) => formatShare(share, locale)));
    }
    const value = fieldValue(choice.step, field.key);
    if (typeof value === "boolean") return t(value ? "yes" : "no");
    if (!Array.isArray(value)) return String(value);
    if (value.length === 0) return t("noneNamed");
    return value.length > 3 ? String(value.length) : list(value.map(String));
  };
}
