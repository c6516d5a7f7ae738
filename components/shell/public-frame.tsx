import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { LinkButton } from "#components/ui/links.tsx";
import { Mark } from "./mark.tsx";
import { LanguageMenu, ThemeMenu } from "./preferences.tsx";
import styles from "./public-frame.module.css";
import { SkipLink } from "./skip-link.tsx";

export interface PublicFrameProps {
  /** No sign-in buttons: on the pages that are the sign-in. */
  readonly isQuiet?: boolean;
  /** A way back in for who is signed in already. */
  readonly isMember?: boolean;
  readonly children: ReactNode;
}

/** The frame of pages that need no sign-in. */
export function PublicFrame({ isQuiet, isMember, children }: PublicFrameProps) {
  const t = useTranslations("shell");
  const common = useTranslations("common");
  return (
    <>
      <header className={styles.header} data-no-print>
        <SkipLink />
        <Link href="/" className={styles.brand}>
          <Mark size={28} />
          {common("brand")}
        </Link>
        <LanguageMenu />
        <ThemeMenu />
        {isMember && <LinkButton href="/o">{t("toOrganisations")}</LinkButton>}
        {!isQuiet && !isMember && (
          <>
            <LinkButton href="/signin" variant="default">
              {t("signIn")}
            </LinkButton>
            <LinkButton href="/signup" className={styles.wide}>
              {t("signUp")}
            </LinkButton>
          </>
        )}
      </header>
      <main id="content" className={styles.main} tabIndex={-1}>
        {children}
      </main>
    </>
  );
}
