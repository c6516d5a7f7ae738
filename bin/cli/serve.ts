import { EngineError } from "#engine/error.ts";
import { removeUnfinished } from "#engine/runtime/unfinished.ts";
import type { ChildAnswer } from "./child.ts";

export type Report = (stage: string, share: number) => void;

/** The other end of `runInChild`: performs one request and ends. Without its parent it ends too, and leaves nothing. */
export function serve<Request, Result>(perform: (request: Request, report: Report) => Promise<Result>): void {
  const say = (answer: ChildAnswer<Result>) =>
    new Promise<void>((resolve) => process.send?.(answer, undefined, {}, () => resolve()));
  const report: Report = (stage, share) => void say({ progress: { stage, share } });
  process.on("disconnect", () => {
    removeUnfinished();
    process.exit(1);
  });
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
