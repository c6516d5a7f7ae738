"use client";

import { Code } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { ComponentType } from "react";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import styles from "./guide.module.css";
import { DistillPicture, FinetunePicture, LowRankPicture, PrunePicture, QatPicture } from "./pictures.tsx";
import { StructuredPicture } from "./structured-picture.tsx";

interface Section {
  readonly key: "finetune" | "prune" | "structured" | "distill" | "qat" | "lowrank";
  /** The steps of a recipe that it is about. */
  readonly steps: readonly string[];
  readonly Picture: ComponentType;
}

const sections: readonly Section[] = [
  { key: "finetune", steps: ["train.finetune"], Picture: FinetunePicture },
  { key: "prune", steps: ["train.prune"], Picture: PrunePicture },
  { key: "structured", steps: ["train.structured"], Picture: StructuredPicture },
  { key: "distill", steps: ["train.distill"], Picture: DistillPicture },
  { key: "qat", steps: ["train.qat"], Picture: QatPicture },
  { key: "lowrank", steps: ["train.lora"], Picture: LowRankPicture },
];

/** What the steps of a recipe that train do, when they pay and what they need. */
export function TrainingGuide() {
  const t = useTranslations("guide.training");
  return (
    <>
      <PageHeader title={t("title")} meta={t("lead")} crumbs={[]} />
      <div className={styles.page}>
        <Panel title={t("common.title")}>
          <div className={styles.text}>
            <p>{t("common.splits")}</p>
            <p>{t("common.kept")}</p>
            <p>{t("common.time")}</p>
          </div>
        </Panel>
        {sections.map(({ key, steps, Picture }) => (
          <Panel
            key={key}
            title={t(`${key}.title`)}
            hint={
              <span className={styles.steps}>
                {steps.map((step) => (
                  <Code key={step}>{step}</Code>
                ))}
              </span>
            }
          >
            <div className={styles.section}>
              <div className={styles.text}>
                <p>{t(`${key}.what`)}</p>
                <dl className={styles.facts}>
                  <dt>{t("pays")}</dt>
                  <dd>{t(`${key}.pays`)}</dd>
                  <dt>{t("needs")}</dt>
                  <dd>{t(`${key}.needs`)}</dd>
                </dl>
              </div>
              <figure className={styles.figure}>
                <Picture />
                <figcaption className={styles.caption}>{t(`${key}.caption`)}</figcaption>
              </figure>
            </div>
          </Panel>
        ))}
        <p className={styles.more}>{t("more")}</p>
      </div>
    </>
  );
}
