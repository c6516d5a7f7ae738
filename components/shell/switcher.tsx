"use client";

import { Menu, UnstyledButton } from "@mantine/core";
import { IconCheck, IconPlus, IconSelector } from "@tabler/icons-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useShell } from "./context.tsx";
import { Mark } from "./mark.tsx";
import styles from "./navigation.module.css";
import { organisationHref, projectHref } from "./rooms.ts";

const shownProjects = 12;

/** Organisation and project: says which are open, and leads to the others. */
export function Switcher() {
  const t = useTranslations("shell");
  const { organisation, organisations, project } = useShell();
  const name = project?.name ?? organisation?.name ?? t("chooseOrganisation");
  const others = organisations.filter((row) => row.slug !== organisation?.slug);
  return (
    <Menu width={260} position="bottom-start" withinPortal>
      <Menu.Target>
        <UnstyledButton className={styles.switcher}>
          <Mark size={26} />
          <span className={styles.words}>
            <span className={styles.name}>{name}</span>
            {project && <span className={styles.under}>{organisation?.name}</span>}
          </span>
          <span className="visually-hidden">{t("switcher")}</span>
          <IconSelector size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {organisation && (
          <>
            <Menu.Label>{t("projectsOf", { organisation: organisation.name })}</Menu.Label>
            {organisation.projects.slice(0, shownProjects).map((row) => (
              <Menu.Item
                key={row.slug}
                component={Link}
                href={projectHref(organisation.slug, row.slug)}
                rightSection={row.slug === project?.slug ? <IconCheck size={16} aria-hidden /> : undefined}
              >
                {row.name}
              </Menu.Item>
            ))}
            <Menu.Item component={Link} href={organisationHref(organisation.slug)} c="dimmed">
              {t("allProjects")}
            </Menu.Item>
            <Menu.Divider />
          </>
        )}
        {others.length > 0 && <Menu.Label>{t("organisations")}</Menu.Label>}
        {others.map((row) => (
          <Menu.Item key={row.slug} component={Link} href={organisationHref(row.slug)}>
            {row.name}
          </Menu.Item>
        ))}
        <Menu.Item component={Link} href="/o" leftSection={<IconPlus size={16} aria-hidden />}>
          {t("newOrganisation")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
