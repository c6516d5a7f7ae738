import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { EngineError } from "#engine/error.ts";
import type { SourceFiles } from "#engine/formats/source.ts";
import { mostFiles, sourceFilesAt } from "#engine/runtime/source-files.ts";

/**
 * The files of a model that a person names by one path: a folder, a description with the files beside it, or one file.
 *
 * @throws EngineError "file-failed", or "limit-exceeded" for a folder of very many files
 */
export function sourcesFrom(path: string): SourceFiles {
  const info = statSync(path, { throwIfNoEntry: false });
  if (info === undefined) throw new EngineError("file-failed", "There is no such file", path);
  if (info.isDirectory()) return sourceFilesAt(filesIn(path));
  const own = { [basename(path)]: path };
  if (!/\.json$/i.test(path)) return sourceFilesAt(own);
  // Another description in the same folder is that of another model.
  const beside = Object.entries(filesIn(dirname(path))).filter(([name]) => !/\.json$/i.test(name));
  return sourceFilesAt({ ...own, ...Object.fromEntries(beside) });
}

function filesIn(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.name.startsWith("."),
  );
  if (entries.length > mostFiles) {
    throw new EngineError("limit-exceeded", `A model has at most ${mostFiles} files`, folder);
  }
  return Object.fromEntries(entries.map(({ name }) => [name, join(folder, name)] as const).sort());
}
