"use client";

import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { slugOf } from "#contracts/slug.ts";

/** Saves a recipe's text as a file of this computer, under a name made of the recipe's. */
export function DownloadText({ text, name }: { text: string; name: string }) {
  const t = useTranslations("recipe.text");
  const save = () => {
    const url = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `${slugOf(name, "recipe")}.yaml`;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={save}>
      {t("download")}
    </Button>
  );
}
