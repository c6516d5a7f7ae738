import { useTranslations } from "next-intl";
import styles from "./shell.module.css";

/** First stop of the keyboard: past the navigation, to the page itself. */
export function SkipLink() {
  return (
    <a href="#content" className={styles.skip}>
      {useTranslations("shell")("skip")}
    </a>
  );
}
