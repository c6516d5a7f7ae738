"use client";

import { Text } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { IconFileAlert, IconUpload } from "@tabler/icons-react";
import { useLocale, useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { formatBytes } from "#components/ui/format.ts";
import styles from "./upload.module.css";

export interface DropAreaProps {
  readonly onFiles: (files: readonly File[]) => void;
  readonly isMultiple?: boolean;
  /** Most bytes of one file. */
  readonly limit: number | undefined;
  /** Which files are welcome, in words. */
  readonly hint: ReactNode;
  readonly isCompact?: boolean;
}

/** Where files are dropped or chosen. What is too large is said here, before anything is sent. */
export function DropArea({ onFiles, isMultiple = false, limit, hint, isCompact = false }: DropAreaProps) {
  const t = useTranslations("upload");
  const locale = useLocale();
  const [tooLarge, setTooLarge] = useState<readonly string[]>([]);
  const words = t("drop", { many: String(isMultiple) });
  const accept = (files: readonly File[]) => {
    setTooLarge([]);
    onFiles(files);
  };
  return (
    <div>
      <Dropzone
        className={styles.drop}
        data-compact={isCompact || undefined}
        multiple={isMultiple}
        maxSize={limit}
        onDrop={accept}
        onReject={(rejections) => setTooLarge(rejections.map(({ file }) => file.name))}
        aria-label={words}
        inputProps={{ "aria-label": words }}
      >
        <Dropzone.Accept>
          <Text className={styles.dropWords}>{t("dropping")}</Text>
        </Dropzone.Accept>
        <Dropzone.Reject>
          <IconFileAlert size={24} aria-hidden />
        </Dropzone.Reject>
        <Dropzone.Idle>
          <div className={styles.dropWords}>
            <IconUpload size={isCompact ? 18 : 26} stroke={1.6} aria-hidden />
            <Text fw={600}>{words}</Text>
            <Text size="xs" c="dimmed">
              {hint}
            </Text>
            {limit !== undefined && (
              <Text size="xs" c="dimmed">
                {t("limit", { size: formatBytes(limit, locale, "binary") })}
              </Text>
            )}
          </div>
        </Dropzone.Idle>
      </Dropzone>
      {limit !== undefined &&
        tooLarge.map((name) => (
          <Text key={name} role="alert" size="sm" c="var(--app-worse)" mt="xs">
            {t("tooLarge", { name, size: formatBytes(limit, locale, "binary") })}
          </Text>
        ))}
    </div>
  );
}
