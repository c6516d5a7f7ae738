"use client";

import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconGitMerge } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { Markdown } from "#components/ui/markdown.tsx";
import { TimeAgo } from "#components/ui/time-ago.tsx";
import type { NoteNow } from "#contracts/note.ts";
import { DiffView } from "./diff-view.tsx";
import styles from "./note.module.css";

export interface ConflictViewProps {
  readonly now: NoteNow;
  readonly mine: { readonly title: string; readonly body: string };
  readonly onTake: (text: { readonly title: string; readonly body: string }) => void;
}

/** The text that is saved now beside the writer's own, with what differs; the writer's text stays in its field. */
export function ConflictView({ now, mine, onTake }: ConflictViewProps) {
  const t = useTranslations("note.conflict");
  return (
    <Stack gap="sm">
      <Alert
        role="alert"
        color="yellow"
        variant="light"
        c="var(--mantine-color-text)"
        icon={<IconGitMerge size={18} aria-hidden />}
        title={t("title")}
      >
        {t("text", { next: now.revision + 1 })}
      </Alert>
      <div className={styles.sides}>
        <section className={styles.side} aria-label={t("theirs")}>
          <div className={styles.fieldHead}>
            <span className={styles.fieldLabel}>{t("theirs")}</span>
            <Text size="xs" c="dimmed" component="span">
              {t("theirsBy", { name: now.author, revision: now.revision })} · <TimeAgo at={now.at} />
            </Text>
          </div>
          <div className={styles.preview}>
            <h4 className={styles.title}>{now.title}</h4>
            <Markdown>{now.body}</Markdown>
          </div>
          <Group gap="xs" mt="xs">
            <Button
              size="xs"
              variant="default"
              onClick={() => onTake({ title: mine.title, body: `${mine.body}\n\n${now.body}` })}
            >
              {t("append")}
            </Button>
            <Button size="xs" variant="default" onClick={() => onTake(now)}>
              {t("useTheirs")}
            </Button>
          </Group>
        </section>
        <section className={styles.side} aria-label={t("diff")}>
          <div className={styles.fieldHead}>
            <span className={styles.fieldLabel}>{t("diff")}</span>
          </div>
          <DiffView
            label={t("diff")}
            before={`${now.title}\n\n${now.body}`}
            after={`${mine.title}\n\n${mine.body}`}
          />
          <Text size="xs" c="dimmed" mt={4}>
            {t("diffHelp")}
          </Text>
        </section>
      </div>
    </Stack>
  );
}
