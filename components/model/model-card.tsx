"use client";

import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslations } from "next-intl";
import { Markdown } from "#components/ui/markdown.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { ModelDetail } from "#contracts/model.ts";
import styles from "./model.module.css";
import { ModelEdit } from "./model-edit.tsx";
import { usePlace } from "./use-place.ts";

/** What people say of a model: description, training data, licence. */
export function ModelCard({ model }: { model: ModelDetail }) {
  const t = useTranslations("model");
  const { may } = usePlace();
  const [isOpen, dialog] = useDisclosure(false);
  return (
    <Panel
      title={t("about")}
      actions={
        may("model.update") && (
          <Button size="compact-sm" variant="subtle" onClick={dialog.open}>
            {t("edit")}
          </Button>
        )
      }
    >
      {model.description === "" ? (
        <Text c="dimmed">{t("noDescription")}</Text>
      ) : (
        <Markdown>{model.description}</Markdown>
      )}
      <dl className={styles.facts} style={{ marginTop: 16 }}>
        <dt>{t("licence")}</dt>
        <dd>{model.licence === "" ? t("licenceUnknown") : model.licence}</dd>
        <dt>{t("trainingData")}</dt>
        <dd>{model.trainingData === "" && t("trainingUnknown")}</dd>
      </dl>
      {model.trainingData === "" ? (
        <Text size="xs" c="var(--app-warning)">
          {t("trainingUnknownHelp")}
        </Text>
      ) : (
        <Markdown>{model.trainingData}</Markdown>
      )}
      <ModelEdit model={model} opened={isOpen} onClose={dialog.close} />
    </Panel>
  );
}
