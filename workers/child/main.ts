import { parentMessage } from "#contracts/child.ts";
import { ProcessEnded } from "#engine/runtime/memory.ts";
import { said, say } from "./parent.ts";
import { problemOf } from "./problem.ts";
import { perform } from "./tasks.ts";

/**
 * The process of one task: the only place where the engine meets an uploaded file and native code. It talks to its
 * worker alone, and ends with it.
 */
process.on("disconnect", () => process.exit(1));

process.once("message", async (raw) => {
  try {
    await perform(parentMessage.parse(raw).task);
  } catch (error) {
    if (error instanceof ProcessEnded) {
      // What ended the process that ran the model for this one is told as if it had happened here: the worker knows
      // which signals are crashes and which come from outside.
      await said();
      process.kill(process.pid, error.signal);
    }
    say({ kind: "failed", problem: problemOf(error) });
  }
  await said();
  process.exit(0);
});

say({ kind: "ready" });
