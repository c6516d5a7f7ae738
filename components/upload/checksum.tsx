"use client";

import { useTranslations } from "next-intl";
import { CopyButton } from "#components/ui/copy-button.tsx";
import styles from "./upload.module.css";

/** The fingerprint of a file, whole, to compare with one's own. */
export function Checksum({ sha256 }: { sha256: string }) {
  const t = useTranslations("upload");
  return (
    <div className={styles.line}>
      <span className={styles.facts}>{t("checksum")}</span>
      <code className={styles.hash}>{sha256}</code>
      <CopyButton value={sha256} />
    </div>
  );
}
