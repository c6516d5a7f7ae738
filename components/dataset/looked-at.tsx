import { useTranslations } from "next-intl";
import type { LookedAtFile } from "#contracts/dataset.ts";
import styles from "./dataset.module.css";

/** What the beginning of each file showed. */
export function LookedAt({ files }: { files: readonly LookedAtFile[] }) {
  const t = useTranslations("dataset.form");
  return (
    <ul className={styles.looked} aria-label={t("found")}>
      {files.map((file) => (
        <li key={file.name}>
          <strong>{file.name}</strong>{" "}
          <span className={styles.quiet}>
            {t(`kind.${file.kind}`, {
              columns: file.columns?.length ?? 0,
              shape: file.array?.shape.join(" × ") ?? "",
              dtype: file.array?.dtype ?? "",
            })}
          </span>
        </li>
      ))}
    </ul>
  );
}
