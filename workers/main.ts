import { databaseUrl } from "#server/db/client.ts";
import { env } from "#server/env.ts";
import { log } from "#server/log/log.ts";
import { startWorker } from "./worker.ts";

/** A worker process: `node workers/main.ts`, with DATABASE_URL and PARSIMONY_HOME set. */
process.on("unhandledRejection", (error) => log.error("an error went unhandled", error));

const worker = await startWorker({
  url: databaseUrl(),
  home: env().home,
  slots: env().PARSIMONY_WORKER_SLOTS,
  runSeconds: env().PARSIMONY_RUN_SECONDS,
  runMemoryMib: env().PARSIMONY_RUN_MEMORY_MIB,
  checkpointSeconds: env().PARSIMONY_CHECKPOINT_SECONDS,
  measureLock: env().PARSIMONY_MEASURE_LOCK,
});

let ending = false;
async function end(reason: string): Promise<void> {
  if (ending) return;
  ending = true;
  log.info("asked to end", { reason });
  await worker.stop();
  process.exit(0);
}

process.on("SIGTERM", () => void end("SIGTERM"));
process.on("SIGINT", () => void end("SIGINT"));
// A worker must not outlive its supervisor.
process.on("disconnect", () => void end("the supervisor has gone"));
process.send?.({ kind: "ready", pid: process.pid, workerId: worker.id });
