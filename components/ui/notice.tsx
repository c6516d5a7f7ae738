import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import styles from "./notice.module.css";

const icons = {
  info: IconInfoCircle,
  done: IconCircleCheck,
  warning: IconAlertTriangle,
  error: IconAlertTriangle,
} as const;

export interface NoticeProps {
  readonly tone?: keyof typeof icons;
  readonly title?: ReactNode;
  readonly actions?: ReactNode;
  /** "status" where it appears after an action and should be read out, "alert" for a failure. */
  readonly role?: "status" | "alert" | "note";
  readonly children: ReactNode;
}

/** Words that the reader should not miss, inside a page. The icon and the words say the tone, not the colour alone. */
export function Notice({ tone = "info", title, actions, role = "note", children }: NoticeProps) {
  const Icon = icons[tone];
  return (
    <div className={styles.notice} data-tone={tone} role={role}>
      <span className={styles.icon} aria-hidden>
        <Icon size={18} />
      </span>
      <div className={styles.body}>
        {title !== undefined && <p className={styles.title}>{title}</p>}
        <div>{children}</div>
        {actions && (
          <div className={styles.actions} data-no-print>
            {actions}
          </div>
        )}
      </div>
    </div>
  );
}
