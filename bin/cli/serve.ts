import { EngineError } from "#engine/error.ts";
import { removeUnfinished } from "#engine/runtime/unfinished.ts";
import type { ChildAnswer } from "./child.ts";

/** @param stage what is at work, and after two spaces how far it is */
export type Report = (stage: string, share: number) => void;

/** A terminal that is written to more often than this cannot be read. */
const reportMs = 100;

/** The other end of `runInChild`: performs one request and ends. Without its parent it ends too, and leaves nothing. */
export function serve<Request, Result>(perform: (request: Request, report: Report) => Promise<Result>): void {
  const say = (answer: ChildAnswer<Result>) =>
    new Promise<void>((resolve) => process.send?.(answer, undefined, {}, () => resolve()));
  let last = Number.NEGATIVE_INFINITY;
  let about = "";
  const report: Report = (stage, share) => {
    const now = performance.now();
    const [name = ""] = stage.split("  ");
    if (name === about && now - last < reportMs) return;
    [last, about] = [now, name];
    void say({ progress: { stage, share } });
  };
  const end = () => {
    removeUnfinished();
    process.exit(1);
  };
  process.on("disconnect", end);
  // A terminal sends Ctrl-C to this process, too.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, end);
  process.once("message", async (request: Request) => {
    await say(await perform(request, report).then((result) => ({ result }), failure));
    process.exit(0);
  });
}

function failure(error: unknown): Extract<ChildAnswer<never>, { failed: unknown }> {
  if (error instanceof EngineError) {
    const { code, detail, place } = error;
    return { failed: { message: detail, code, place } };
  }
  return { failed: { message: error instanceof Error ? (error.stack ?? error.message) : String(error) } };
}
