"use client";

import { useMantineColorScheme } from "@mantine/core";
import { Spotlight, type SpotlightActionGroupData } from "@mantine/spotlight";
import {
  IconDeviceDesktop,
  IconFolder,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSun,
  IconUserCircle,
} from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import styles from "./commands.module.css";
import { useShell } from "./context.tsx";
import { leave } from "./leave.ts";
import {
  acrossBase,
  acrossRooms,
  organisationHref,
  organisationRooms,
  projectHref,
  projectRooms,
} from "./rooms.ts";
import { useLocaleChoice } from "./use-locale-choice.ts";

const icon = { size: 18, stroke: 1.6, "aria-hidden": true } as const;

/** Search and commands (⌘K, Ctrl K): every page of the navigation, every project, language and theme. */
export function Commands() {
  const t = useTranslations("shell");
  return (
    <Spotlight
      actions={[useRoomActions(), useProjectActions(), useSettingActions()]}
      nothingFound={t("searchEmpty")}
      scrollable
      centered={false}
      yOffset="14vh"
      overlayProps={{ backgroundOpacity: 0.3, blur: 0 }}
      classNames={{ action: styles.action, actionsGroup: styles.group }}
      maxHeight={420}
      limit={40}
      searchProps={{
        leftSection: <IconSearch {...icon} />,
        placeholder: t("search"),
        "aria-label": t("searchOpen"),
      }}
    />
  );
}

function useRoomActions(): SpotlightActionGroupData {
  const t = useTranslations("shell");
  const router = useRouter();
  const { organisation, project } = useShell();
  const action = (
    id: string,
    label: string,
    href: string,
    Icon: (typeof acrossRooms)[number]["icon"],
    description?: string,
  ) => ({
    id,
    label,
    description,
    leftSection: <Icon {...icon} />,
    onClick: () => router.push(href),
  });
  const inProject = project && organisation;
  return {
    group: t("commands.goTo"),
    actions: [
      ...(inProject
        ? projectRooms.map((room) =>
            action(
              `p-${room.key}`,
              t(`rooms.${room.key}`),
              `${projectHref(organisation.slug, project.slug)}${room.path}`,
              room.icon,
              project.name,
            ),
          )
        : []),
      ...(organisation
        ? organisationRooms.map((room) =>
            action(
              `o-${room.key}`,
              t(`organisationRooms.${room.key}`),
              `${organisationHref(organisation.slug)}${room.path}`,
              room.icon,
              organisation.name,
            ),
          )
        : []),
      ...acrossRooms.flatMap((room) => {
        const base = acrossBase(room, organisation?.slug);
        return base === undefined ? [] : [action(room.key, t(room.key), `${base}${room.path}`, room.icon)];
      }),
      action("account", t("accountSettings"), "/account", IconUserCircle),
    ],
  };
}

function useProjectActions(): SpotlightActionGroupData {
  const t = useTranslations("shell");
  const router = useRouter();
  const { organisation, organisations } = useShell();
  return {
    group: t("commands.projects"),
    actions: [
      ...(organisation?.projects ?? []).map((row) => ({
        id: `project-${row.slug}`,
        label: row.name,
        description: row.question || row.team,
        leftSection: <IconFolder {...icon} />,
        onClick: () => router.push(projectHref(organisation?.slug ?? "", row.slug)),
      })),
      ...organisations.map((row) => ({
        id: `organisation-${row.slug}`,
        label: row.name,
        description: t("organisation"),
        leftSection: <IconFolder {...icon} />,
        onClick: () => router.push(organisationHref(row.slug)),
      })),
    ],
  };
}

function useSettingActions(): SpotlightActionGroupData {
  const t = useTranslations("shell.commands");
  const { setColorScheme } = useMantineColorScheme();
  const { locale, choose } = useLocaleChoice();
  return {
    group: t("settings"),
    actions: [
      {
        id: "light",
        label: t("light"),
        leftSection: <IconSun {...icon} />,
        onClick: () => setColorScheme("light"),
      },
      {
        id: "dark",
        label: t("dark"),
        leftSection: <IconMoon {...icon} />,
        onClick: () => setColorScheme("dark"),
      },
      {
        id: "auto",
        label: t("auto"),
        leftSection: <IconDeviceDesktop {...icon} />,
        onClick: () => setColorScheme("auto"),
      },
      {
        id: "language",
        label: t("language"),
        leftSection: <IconLanguage {...icon} />,
        onClick: () => choose(locale === "en" ? "zh" : "en"),
      },
      {
        id: "leave",
        label: t("signOut"),
        leftSection: <IconLogout {...icon} />,
        onClick: () => void leave(),
      },
    ],
  };
}
