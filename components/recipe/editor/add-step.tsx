"use client";

import { Modal, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { stepNames } from "#engine/passes/step.schema.ts";
import { newStep } from "../draft/draft.ts";
import { StepName } from "../step-name.tsx";
import { kindOf, kinds } from "../words/readable.ts";
import { useTechniqueWords } from "../words/technique-words.ts";
import styles from "./editor.module.css";

export interface AddStepProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onAdd: (use: string) => void;
}

/** Every technique of the engine, by what it does. */
export function AddStep({ opened, onClose, onAdd }: AddStepProps) {
  const t = useTranslations("recipe.editor");
  const common = useTranslations("common");
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("addTitle")}
      size="lg"
      closeButtonProps={{ "aria-label": common("close") }}
    >
      <Techniques
        onAdd={(use) => {
          onAdd(use);
          onClose();
        }}
      />
    </Modal>
  );
}

function Techniques({ onAdd }: Pick<AddStepProps, "onAdd">) {
  const t = useTranslations("recipe.editor");
  const kind = useTranslations("recipe.kind");
  const words = useTechniqueWords();
  const [search, setSearch] = useState("");
  const wanted = search.trim().toLowerCase();
  const fits = (use: string) =>
    [use, words.name(use), words.text(use)].some((text) => text.toLowerCase().includes(wanted));
  const groups = kinds
    .map((one) => ({ kind: one, uses: stepNames.filter((use) => kindOf(use) === one && fits(use)) }))
    .filter(({ uses }) => uses.length > 0);
  return (
    <>
      <p className={styles.hint}>{t("addHelp")}</p>
      <TextInput
        data-autofocus
        type="search"
        aria-label={t("find")}
        placeholder={t("find")}
        leftSection={<IconSearch size={14} aria-hidden />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {groups.length === 0 && (
        <p className={styles.hint} role="status">
          {t("findNone")}
        </p>
      )}
      {groups.map((group) => (
        <section key={group.kind} className={styles.kind} aria-label={kind(group.kind)}>
          <h3 className={styles.kindName}>{kind(group.kind)}</h3>
          <ul className={styles.techniques}>
            {group.uses.map((use) => (
              <li key={use}>
                <button type="button" className={styles.technique} onClick={() => onAdd(use)}>
                  <StepName step={newStep(use)} />
                  <span className={styles.techniqueText}>{words.text(use)}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
