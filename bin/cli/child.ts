import { fork } from "node:child_process";
import { join } from "node:path";
import { EngineError, type EngineErrorCode } from "#engine/error.ts";
import { Progress } from "./progress.ts";

/** What a child says: how far it is, and at last its result or what went wrong. */
export type ChildAnswer<Result> =
  | { readonly progress: { readonly stage: string; readonly share: number } }
  | { readonly result: Result }
  | {
      readonly failed: {
        readonly message: string;
        readonly code?: EngineErrorCode;
        readonly place?: string | undefined;
      };
    };

/**
 * Runs a program of this folder, which serves one request (see `serve.ts`), in a process of its own: a model that
 * somebody made may end the process that executes it, and this one goes on and says so.
 *
 * @param model that is executed, for the message
 * @throws EngineError of the child, or "runtime-refused" where it ended without an answer
 */
export async function runInChild<Result>(program: string, request: object, model: string): Promise<Result> {
  using progress = new Progress();
  return await new Promise<Result>((resolve, reject) => {
    const child = fork(join(import.meta.dirname, program), {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    child.on("message", (answer: ChildAnswer<Result>) => {
      if ("progress" in answer) progress.show(answer.progress.share, answer.progress.stage);
      else if ("result" in answer) resolve(answer.result);
      else reject(errorOf(answer.failed));
    });
    child.on("error", reject);
    // Too late to matter where it has answered.
    child.on("exit", (status, signal) =>
      reject(
        new EngineError(
          "runtime-refused",
          `The process that ran the model ended ${signal ? `by ${signal}` : `with status ${status}`}: ONNX Runtime cannot execute this model`,
          model,
        ),
      ),
    );
    child.send(request);
  });
}

function errorOf({
  message,
  code,
  place,
}: Extract<ChildAnswer<unknown>, { failed: unknown }>["failed"]): Error {
  return code === undefined ? new Error(message) : new EngineError(code, message, place);
}
