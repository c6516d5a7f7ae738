import {
  IconCube,
  IconDatabase,
  IconFileText,
  IconFlask,
  IconFolders,
  IconHome,
  IconListNumbers,
  type IconProps,
  IconSettings,
  IconShare,
  IconTrophy,
  IconUsers,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { ProjectRow } from "#contracts/organisation.ts";

/** A place that the navigation leads to. `path` is below its project, organisation or the root. */
interface Room<Key extends string> {
  readonly key: Key;
  readonly path: string;
  readonly icon: ComponentType<IconProps>;
  readonly count?: keyof ProjectRow["counts"];
}

/** Rooms of a project. A room is listed when its page exists. */
export const projectRooms = [
  { key: "overview", path: "", icon: IconHome },
  { key: "models", path: "/models", icon: IconCube, count: "models" },
  { key: "datasets", path: "/datasets", icon: IconDatabase, count: "datasets" },
  { key: "recipes", path: "/recipes", icon: IconListNumbers, count: "recipes" },
  { key: "experiments", path: "/experiments", icon: IconFlask, count: "experiments" },
  { key: "notes", path: "/notes", icon: IconFileText, count: "notes" },
  { key: "settings", path: "/settings", icon: IconSettings },
] as const satisfies readonly Room<string>[];

export const organisationRooms = [
  { key: "projects", path: "", icon: IconFolders },
  { key: "people", path: "/people", icon: IconUsers },
  { key: "settings", path: "/settings", icon: IconSettings },
] as const satisfies readonly Room<string>[];

export const acrossRooms = [
  { key: "benchmarks", path: "/benchmarks", icon: IconTrophy },
  { key: "shared", path: "/shared", icon: IconShare },
] as const satisfies readonly Room<string>[];

export const organisationHref = (org: string) => `/o/${org}`;
export const projectHref = (org: string, project: string) => `/o/${org}/p/${project}`;

/** What a room across projects stands below; undefined where it has no place: sharing is with an organisation. */
export function acrossBase(room: (typeof acrossRooms)[number], org: string | undefined): string | undefined {
  if (room.key !== "shared") return "";
  return org === undefined ? undefined : organisationHref(org);
}

/** True where `path` is the room's own page or below it; the first room of a place is only itself. */
export function isInRoom(path: string, base: string, room: { readonly path: string }): boolean {
  const href = `${base}${room.path}`;
  return path === href || (room.path !== "" && path.startsWith(`${href}/`));
}
