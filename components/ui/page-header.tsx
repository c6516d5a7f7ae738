import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import styles from "./page-header.module.css";

export interface Crumb {
  readonly label: string;
  readonly href: string;
}

export interface PageHeaderProps {
  readonly title: string;
  /** Facts under the title, in one quiet line. */
  readonly meta?: ReactNode;
  readonly actions?: ReactNode;
  /** The way to this page, without the page itself. */
  readonly crumbs?: readonly Crumb[];
}

/** Title, facts and actions of a page, with its breadcrumb in the bar at the top. */
export function PageHeader({ title, meta, actions, crumbs = [] }: PageHeaderProps) {
  const t = useTranslations("shell");
  return (
    <>
      <nav className={styles.crumbs} aria-label={t("youAreHere")}>
        <ol>
          {crumbs.map((crumb) => (
            <li key={crumb.href}>
              <Link href={crumb.href}>{crumb.label}</Link>
            </li>
          ))}
          <li>
            <span aria-current="page">{title}</span>
          </li>
        </ol>
      </nav>
      <div className={styles.header}>
        <div className={styles.words}>
          <h1 className={styles.title}>{title}</h1>
          {meta !== undefined && <div className={styles.meta}>{meta}</div>}
        </div>
        {actions !== undefined && (
          <div className={styles.actions} data-no-print>
            {actions}
          </div>
        )}
      </div>
    </>
  );
}
