"use client";

import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { projectHref, projectRooms } from "#components/shell/rooms.ts";
import type { ProjectRow } from "#contracts/organisation.ts";
import styles from "./project.module.css";

/** How much there is in each room, each a way in. */
export function ProjectCounts({ org, project }: { org: string; project: ProjectRow }) {
  const t = useTranslations("shell.rooms");
  const format = useFormatter();
  return (
    <ul className={styles.counts}>
      {projectRooms.map((room) => {
        if (!("count" in room)) return null;
        const Icon = room.icon;
        return (
          <li key={room.key}>
            <Link href={`${projectHref(org, project.slug)}${room.path}`} className={styles.count}>
              <span className={styles.name}>
                <Icon size={16} stroke={1.6} aria-hidden />
                {t(room.key)}
              </span>
              <span className={styles.number}>{format.number(project.counts[room.count])}</span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
