"use client";

import { useQuery } from "@tanstack/react-query";
import { useParams } from "next/navigation";
import { createContext, type ReactNode, useContext, useEffect } from "react";
import { useTRPC } from "#components/api/client.ts";
import { type Loaded, useLoaded } from "#components/api/use-loaded.ts";
import type { Me } from "#contracts/account.ts";
import type { OrganisationDetail, OrganisationRow, ProjectRow } from "#contracts/organisation.ts";
import { placeCookie, placeValue } from "./place.ts";

export interface ShellData {
  readonly me: Me;
  readonly organisations: readonly OrganisationRow[];
  /** The organisation that is open, or was open last; undefined before there is one. */
  readonly organisation: OrganisationDetail | undefined;
  readonly project: ProjectRow | undefined;
}

const Context = createContext<ShellData | undefined>(undefined);

/** Who is signed in, and where. */
export function useShell(): ShellData {
  const data = useContext(Context);
  if (!data) throw new Error("useShell is for pages inside the shell.");
  return data;
}

export interface ShellProviderProps {
  readonly me: Loaded<Me>;
  readonly organisations: Loaded<OrganisationRow[]>;
  readonly organisation: Loaded<OrganisationDetail> | undefined;
  /** Project that was open last; that of the address wins. */
  readonly lastProject: string | undefined;
  readonly children: ReactNode;
}

/** An ended session is noticed within this time even on a page that asks for nothing. */
const sessionProbeMs = 60_000;

export function ShellProvider(props: ShellProviderProps) {
  const trpc = useTRPC();
  const me = useLoaded({ ...trpc.account.me.queryOptions(), refetchInterval: sessionProbeMs }, props.me).data;
  const organisations = useLoaded(trpc.organisation.list.queryOptions(), props.organisations).data;
  const slug = props.organisation?.data.slug ?? "";
  const organisation = useQuery({
    ...trpc.organisation.get.queryOptions({ org: slug }),
    enabled: slug !== "",
    initialData: props.organisation?.data,
    initialDataUpdatedAt: props.organisation?.at,
  }).data;
  const params = useParams<{ org?: string; project?: string }>();
  const projectSlug = params.org === undefined ? props.lastProject : params.project;
  const project = organisation?.projects.find((row) => row.slug === projectSlug);
  useRememberPlace(params.org, params.project);
  return <Context value={{ me, organisations, organisation, project }}>{props.children}</Context>;
}

function useRememberPlace(org: string | undefined, project: string | undefined): void {
  useEffect(() => {
    if (org === undefined) return;
    // biome-ignore lint/suspicious/noDocumentCookie: the CookieStore API is absent in Firefox ESR.
    document.cookie = `${placeCookie}=${placeValue({ org, project })}; Path=/; Max-Age=31536000; SameSite=Lax`;
  }, [org, project]);
}
