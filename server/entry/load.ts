import { TRPCError } from "@trpc/server";
import { notFound, redirect } from "next/navigation";
import type { ErrorCode } from "#contracts/errors.ts";
import { errorBody } from "#server/trpc/errors.ts";
import { api, pageRequestId } from "./page.ts";

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

/**
 * Reads data for a page through the API's own gate. An ended session leads to the sign-in page, what does not exist
 * (or is not the reader's to see) to "not found", anything else to the error page with code and ID.
 */
export async function load<T>(read: (api: Api) => Promise<T>): Promise<Loaded<T>> {
  const at = Date.now();
  try {
    return { data: await read(await api()), at };
  } catch (error) {
    if (!(error instanceof TRPCError)) throw error;
    const id = await pageRequestId();
    const { code } = errorBody(error, id);
    if (code === "unauthenticated") redirect("/signin?reason=ended");
    if (code === "notFound") notFound();
    throw new PageError(code, id, { cause: error });
  }
}

/** Like `load`, but undefined where the API answers with one of `codes`: for pages that say it in their own words. */
export async function loadOr<T>(
  codes: readonly ErrorCode[],
  read: (api: Api) => Promise<T>,
): Promise<Loaded<T> | undefined> {
  const known = async (caller: Api): Promise<{ value: T } | undefined> => {
    try {
      return { value: await read(caller) };
    } catch (error) {
      if (error instanceof TRPCError && codes.includes(errorBody(error, "").code)) return undefined;
      throw error;
    }
  };
  const { data, at } = await load(known);
  return data && { data: data.value, at };
}
