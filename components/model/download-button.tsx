"use client";

import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useLocale, useTranslations } from "next-intl";
import { formatBytes } from "#components/ui/format.ts";
import type { ModelVersionRow } from "#contracts/model.ts";

export interface DownloadButtonProps {
  readonly org: string;
  readonly version: Pick<ModelVersionRow, "id" | "bytes" | "fileName">;
}

/** The file of a version, with its size said before the click. */
export function DownloadButton({ org, version }: DownloadButtonProps) {
  const t = useTranslations("model");
  const size = formatBytes(version.bytes, useLocale());
  return (
    <Button
      component="a"
      href={`/api/artifacts/model/${version.id}?org=${org}`}
      download={version.fileName}
      leftSection={<IconDownload size={16} aria-hidden />}
    >
      {t("downloadSize", { size })}
    </Button>
  );
}
