"use client";

import { useTranslations } from "next-intl";
import type { ModelRow } from "#contracts/model.ts";
import styles from "./launch.module.css";
import type { VersionChoice } from "./use-subject.ts";
import { VersionPicker } from "./version-picker.tsx";

export interface TeacherPartProps {
  readonly rows: readonly ModelRow[];
  readonly value: VersionChoice | null;
  readonly onChange: (choice: VersionChoice | null) => void;
}

/** Which model the runs learn from: by default the one that they make smaller. */
export function TeacherPart({ rows, value, onChange }: TeacherPartProps) {
  const t = useTranslations("experiment.launch.teacher");
  return (
    <section className={styles.part}>
      <h2 className={styles.partTitle}>{t("title")}</h2>
      <VersionPicker
        kind="model"
        label={t("title")}
        none={t("own")}
        rows={rows}
        value={value}
        onChange={onChange}
        facts={t(value === null ? "ownHelp" : "help")}
      />
    </section>
  );
}
