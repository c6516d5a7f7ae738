import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { z } from "zod";

/**
 * What a part of a long run came to, so that the run goes on where it was interrupted: read where it is there already,
 * else worked out and kept. It is worked out anew where the settings differ.
 *
 * @param settings everything that the result follows from
 */
export async function kept<Result>(
  folder: string,
  name: string,
  settings: unknown,
  schema: z.ZodType<Result>,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly isNew: boolean }> {
  const digest = createHash("sha256").update(JSON.stringify(settings)).digest("hex").slice(0, 12);
  const path = join(folder, `${name}-${digest}.json`);
  if (existsSync(path)) return { result: schema.parse(JSON.parse(readFileSync(path, "utf8"))), isNew: false };
  const result = await work();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.part`, `${JSON.stringify(result, null, 2)}\n`);
  renameSync(`${path}.part`, path);
  return { result, isNew: true };
}
