"use client";

import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import type { RecipePreset } from "#contracts/recipe.ts";
import { usePresetWords } from "../preset-words.ts";
import styles from "./editor.module.css";

export interface StartProps {
  readonly presets: readonly RecipePreset[];
  readonly onAdd: () => void;
  readonly onPreset: (preset: RecipePreset) => void;
}

/** An empty recipe: the ways to begin. */
export function Start({ presets, onAdd, onPreset }: StartProps) {
  const t = useTranslations("recipe.editor");
  const words = usePresetWords();
  return (
    <div className={styles.start}>
      <h3 className={styles.startTitle}>{t("startTitle")}</h3>
      <p className={styles.hint}>{t("startText")}</p>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={onAdd} data-add-step>
        {t("startOwn")}
      </Button>
      <h4 className={styles.kindName}>{t("startNamed")}</h4>
      <ul className={styles.presets}>
        {presets.map((preset) => {
          const { text, pays, lang } = words(preset);
          return (
            <li key={preset.recipe.name}>
              <button type="button" className={styles.technique} onClick={() => onPreset(preset)}>
                <span className={styles.presetName}>{preset.recipe.name}</span>
                <span lang={lang}>
                  <span className={styles.techniqueText}>{text}</span>
                  <span className={styles.techniqueText}>{pays}</span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
