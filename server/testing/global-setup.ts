import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startPostgres } from "#bin/lib/postgres.ts";
import { ensureDatabase, migrate } from "#server/db/migrate.ts";

declare module "vitest" {
  export interface ProvidedContext {
    databaseServer: string;
  }
}

/** One PostgreSQL server for the whole test run, with a migrated template that each test file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "parsimony-tests-"));
  const server = await startPostgres({
    dataDir: join(folder, "data"),
    password: "for-tests-only",
    settings: [
      "fsync=off",
      "synchronous_commit=off",
      "full_page_writes=off",
      // As on the machine of somebody far from Greenwich.
      "timezone=Asia/Kathmandu",
    ],
  });
  try {
    const template = server.url("template_parsimony");
    await ensureDatabase(template);
    await migrate(template);
  } catch (error) {
    await server.stop();
    throw error;
  }
  project.provide("databaseServer", server.url(""));
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
