import { useTranslations } from "next-intl";
import { Panel } from "#components/ui/panel.tsx";
import { roles } from "#contracts/policy.ts";
import styles from "./people.module.css";

/** What each role may do, in words. */
export function Roles() {
  const t = useTranslations("people");
  const common = useTranslations("common");
  return (
    <Panel title={t("roles")}>
      <dl className={styles.roles}>
        {roles.map((role) => (
          <div key={role}>
            <dt>{common(`role.${role}`)}</dt>
            <dd>{common(`roleHelp.${role}`)}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
