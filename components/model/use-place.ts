"use client";

import { useParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { useShell } from "#components/shell/context.tsx";
import { projectHref } from "#components/shell/rooms.ts";
import type { Crumb } from "#components/ui/page-header.tsx";
import { allows, type OrganisationAction } from "#contracts/policy.ts";

export interface Place {
  readonly org: string;
  readonly project: string;
  /** Address of the project's overview. */
  readonly base: string;
  readonly may: (action: OrganisationAction) => boolean;
  /** The way to a page of one of the project's rooms. */
  readonly crumbs: (room?: "models" | "datasets" | "recipes" | "notes") => Crumb[];
}

/** The project that is open: for links, requests and what the reader may do here. */
export function usePlace(): Place {
  const t = useTranslations("shell.rooms");
  const params = useParams<{ org: string; project: string }>();
  const shell = useShell();
  const base = projectHref(params.org, params.project);
  const role = shell.organisation?.role;
  return {
    org: params.org,
    project: params.project,
    base,
    may: (action) => role !== undefined && allows(role, action),
    crumbs: (room) => [
      { label: shell.project?.name ?? params.project, href: base },
      ...(room ? [{ label: t(room), href: `${base}/${room}` }] : []),
    ],
  };
}
