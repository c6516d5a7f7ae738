import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type { MigrationList, SchemaEngine } from "@prisma/schema-engine-wasm/schema_engine_bg";
import pg from "pg";

export const prismaFolder = join(import.meta.dirname, "../../prisma");

/** The schema files as the engine wants them: [path, content]. */
export function datamodels(): [string, string][] {
  return globSync("**/*.prisma", { cwd: prismaFolder })
    .sort()
    .map((path) => [path, readFileSync(join(prismaFolder, path), "utf8")]);
}

/** The migrations in the repository, oldest first. */
export function migrations(): MigrationList {
  const folder = join(prismaFolder, "migrations");
  return {
    baseDir: folder,
    lockfile: {
      path: "migration_lock.toml",
      content: readFileSync(join(folder, "migration_lock.toml"), "utf8"),
    },
    shadowDbInitScript: "",
    migrationDirectories: globSync("*/migration.sql", { cwd: folder })
      .sort()
      .map((path) => ({
        path: path.split("/")[0] ?? path,
        migrationFile: {
          path: "migration.sql",
          content: { tag: "ok" as const, value: readFileSync(join(folder, path), "utf8") },
        },
      })),
  };
}

let loaded: Promise<typeof import("@prisma/schema-engine-wasm/schema_engine_bg")> | undefined;

/** The engine's glue keeps views of one memory in module variables, so it is instantiated once per process. */
function load() {
  loaded ??= (async () => {
    const glue = await import("@prisma/schema-engine-wasm/schema_engine_bg");
    const wasm = createRequire(import.meta.url)
      .resolve("@prisma/schema-engine-wasm/schema_engine_bg")
      .replace(/\.js$/, ".wasm");
    const { instance } = await WebAssembly.instantiate(readFileSync(wasm), {
      "./schema_engine_bg.js": { ...glue } as unknown as WebAssembly.ModuleImports,
    });
    const bound = glue as typeof glue & { __wbg_set_wasm(exports: WebAssembly.Exports): void };
    bound.__wbg_set_wasm(instance.exports);
    const start = instance.exports.__wbindgen_start;
    if (typeof start === "function") start();
    return glue;
  })();
  return loaded;
}

/**
 * Runs `use` with Prisma's own schema engine, compiled to WebAssembly: the native one would be a download.
 * It keeps Prisma's `_prisma_migrations` table, so `prisma migrate deploy` works on the same database.
 */
export async function withSchemaEngine<T>(
  url: string,
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const glue = await load();
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  // The engine never closes what it opened (a shadow database above all); a server that stops is no crash here.
  const onPoolError = () => {};
  pool.on("error", onPoolError);
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg(pool, { onPoolError }));
  const engine = await glue.SchemaEngine.new({ datamodels: datamodels() }, () => {}, adapter);
  try {
    return await use(engine);
  } finally {
    engine.free();
    await pool.end();
  }
}
