"use client";

import { useTranslations } from "next-intl";
import { stringify } from "yaml";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { Manifest } from "#engine/evaluate/dataset/manifest.schema.ts";
import styles from "./dataset.module.css";

/** The manifest as it was registered; the command line takes the same text. */
export function ManifestPanel({ manifest }: { manifest: Manifest }) {
  const t = useTranslations("dataset.manifest");
  const text = stringify(manifest);
  return (
    <Panel title={t("title")} hint={t("hint")} flush actions={<CopyButton value={text} />}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <section className={styles.yaml} tabIndex={0} aria-label={t("hint")}>
        <pre>{text}</pre>
      </section>
    </Panel>
  );
}
