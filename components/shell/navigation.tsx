"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useShell } from "./context.tsx";
import styles from "./navigation.module.css";
import {
  acrossBase,
  acrossRooms,
  isInRoom,
  organisationHref,
  organisationRooms,
  projectHref,
  projectRooms,
} from "./rooms.ts";
import { Switcher } from "./switcher.tsx";

/** The left side: where am I, and which rooms are there. */
export function Navigation({ onNavigate }: { onNavigate?: () => void }) {
  const t = useTranslations("shell");
  const { organisation, project } = useShell();
  const org = organisation ? organisationHref(organisation.slug) : undefined;
  return (
    <nav
      className={styles.nav}
      aria-label={t("navigation")}
      onClickCapture={(event) => isLink(event.target) && onNavigate?.()}
    >
      <Switcher />
      {org && project && (
        <RoomList label={undefined}>
          {projectRooms.map((room) => (
            <RoomLink
              key={room.key}
              base={projectHref(organisation?.slug ?? "", project.slug)}
              room={room}
              label={t(`rooms.${room.key}`)}
              count={"count" in room ? project.counts[room.count] : undefined}
            />
          ))}
        </RoomList>
      )}
      {org && (
        <RoomList label={project ? t("organisation") : undefined}>
          {organisationRooms.map((room) => (
            <RoomLink
              key={room.key}
              base={org}
              room={room}
              label={t(`organisationRooms.${room.key}`)}
              count={room.key === "projects" ? organisation?.projects.length : undefined}
            />
          ))}
        </RoomList>
      )}
      <RoomList label={t("across")}>
        {acrossRooms.map((room) => {
          const base = acrossBase(room, organisation?.slug);
          return (
            base !== undefined && <RoomLink key={room.key} base={base} room={room} label={t(room.key)} />
          );
        })}
      </RoomList>
    </nav>
  );
}

function isLink(target: EventTarget): boolean {
  return target instanceof Element && target.closest("a") !== null;
}

function RoomList({ label, children }: { label: string | undefined; children: ReactNode }) {
  return (
    <>
      {label !== undefined && <p className={styles.heading}>{label}</p>}
      <ul className={styles.list} aria-label={label}>
        {children}
      </ul>
    </>
  );
}

interface RoomLinkProps {
  readonly base: string;
  readonly room: (typeof projectRooms | typeof organisationRooms | typeof acrossRooms)[number];
  readonly label: string;
  readonly count?: number | undefined;
}

function RoomLink({ base, room, label, count }: RoomLinkProps) {
  const format = useFormatter();
  const isHere = isInRoom(usePathname(), base, room);
  const Icon = room.icon;
  return (
    <li>
      <Link className={styles.link} href={`${base}${room.path}`} aria-current={isHere ? "page" : undefined}>
        <Icon size={18} stroke={1.6} aria-hidden />
        {label}
        {count !== undefined && count > 0 && <span className={styles.count}>{format.number(count)}</span>}
      </Link>
    </li>
  );
}
