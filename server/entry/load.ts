import { TRPCError } from "@trpc/server";
import { notFound, redirect } from "next/navigation";
import { AppError } from "#contracts/errors.ts";
import { api, pageRequestId } from "./page.ts";

type Api = Awaited<ReturnType<typeof api>>;

/** An error that Next hands to the page's error boundary with a digest that names code and ID. */
class PageError extends Error {
  readonly digest: string;
  constructor(code: string, id: string, options: ErrorOptions) {
    super(code, options);
    this.name = "PageError";
    this.digest = `parsimony;${code};${id}`;
  }
}

/**
 * Reads data for a page through the API's own gate. An ended session leads to the sign-in page, what does not exist
 * (or is not ours to see) to "not found", anything else to the error page with the code.
 */
export async function load<T>(read: (api: Api) => Promise<T>): Promise<{ data: T; at: number }> {
  const at = Date.now();
  try {
    return { data: await read(await api()), at };
  } catch (error) {
    if (!(error instanceof TRPCError) || !(error.cause instanceof AppError)) throw error;
    const { code } = error.cause;
    if (code === "unauthenticated") redirect("/signin?reason=ended");
    if (code === "notFound") notFound();
    throw new PageError(code, await pageRequestId(), { cause: error });
  }
}
