import { randomUUID } from "node:crypto";
import { TRPCError } from "@trpc/server";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import type { ErrorCode } from "#contracts/errors.ts";
import { errorBody, toTrpcError } from "#server/trpc/errors.ts";
import { api, pageContext } from "./page.ts";

type Api = Awaited<ReturnType<typeof api>>;

/** What was read, and when: client components take it over with `useLoaded`. */
export interface Loaded<T> {
  readonly data: T;
  readonly at: number;
}

/** An error that Next hands to the page's error boundary with a digest that names code and ID. */
class PageError extends Error {
  readonly digest: string;
  constructor(code: ErrorCode, id: string, options: ErrorOptions) {
    super(code, options);
    this.name = "PageError";
    this.digest = `parsimony;${code};${id}`;
  }
}

/** Turns a failure into what Next understands: a redirect, "not found", or an error page with code and ID. */
async function guarded<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    // Redirects and the like travel as errors with a digest of Next's own.
    if (typeof error === "object" && error !== null && "digest" in error) throw error;
    // The context itself may be what failed (no database): then nothing was logged yet.
    const context = await pageContext().catch(() => undefined);
    const id = context?.requestId ?? randomUUID().slice(0, 8);
    const known = error instanceof TRPCError ? error : toTrpcError(error, id);
    const { code } = errorBody(known, id);
    if (code === "unauthenticated") redirect("/signin?reason=ended");
    if (code === "notFound") notFound();
    throw new PageError(code, id, { cause: error });
  }
}

/** True where the request is signed in; pages redirect otherwise. The gate decides about data, not this. */
export const isSignedIn = cache(() => guarded(async () => (await pageContext()).session !== undefined));

/**
 * Reads data for a page through the API's own gate. An ended session leads to the sign-in page, what does not exist
 * (or is not the reader's to see) to "not found", anything else to the error page with code and ID.
 */
export function load<T>(read: (api: Api) => Promise<T>): Promise<Loaded<T>> {
  const at = Date.now();
  return guarded(async () => ({ data: await read(await api()), at }));
}

/** Like `load`, but undefined where the API answers with one of `codes`: for pages that say it in their own words. */
export async function loadOr<T>(
  codes: readonly ErrorCode[],
  read: (api: Api) => Promise<T>,
): Promise<Loaded<T> | undefined> {
  const { data, at } = await load(async (caller): Promise<{ value: T } | undefined> => {
    try {
      return { value: await read(caller) };
    } catch (error) {
      if (error instanceof TRPCError && codes.includes(errorBody(error, "").code)) return undefined;
      throw error;
    }
  });
  return data && { data: data.value, at };
}

/** The organisation of an address, read once per request by layout, title and page together. */
export const loadOrganisation = cache((org: string) => load((caller) => caller.organisation.get({ org })));

/** The project of an address, likewise. */
export const loadProject = cache((org: string, project: string) =>
  load((caller) => caller.project.get({ org, project })),
);

/**
 * A page's reading for its title and itself together, once per request. Each of the two gets a promise of its own for
 * the parameters of the address, so that `cache` alone would not know them as equal.
 */
export function readOnce<Params extends Readonly<Record<string, string>>, T>(
  read: (params: Params) => Promise<T>,
): (params: Promise<Params>) => Promise<T> {
  const once = cache((key: string) => read(JSON.parse(key) as Params));
  return async (params) => once(JSON.stringify(await params));
}
