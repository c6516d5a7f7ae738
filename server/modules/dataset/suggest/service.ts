import type { z } from "zod";
import type { ManifestSuggestion, suggestManifestInput } from "#contracts/dataset.ts";
import { AppError } from "#contracts/errors.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import type { Db } from "#server/db/client.ts";
import { requireProject } from "#server/modules/project/service.ts";
import { filesOf } from "#server/modules/upload/service.ts";
import { guessManifest } from "./guess.ts";
import { readHead } from "./head.ts";
import { look } from "./look.ts";
import { lookAtParquet } from "./look-parquet.ts";
import { unequalCounts } from "./mismatch.ts";

/** Looks at the beginning of uploaded files and guesses what a person would otherwise type. Stores nothing. */
export async function suggest(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof suggestManifestInput>,
): Promise<ManifestSuggestion> {
  const project = await requireProject(db, scope, input.project);
  const stored = await filesOf(
    db,
    scope,
    project.id,
    input.files.map((file) => file.uploadId),
  );
  const files = [];
  // One after the other: what is held in memory stays small.
  for (const { name, uploadId } of input.files) {
    const file = stored.get(uploadId);
    if (!file) throw new AppError("notFound");
    const looked = look(await readHead(name, file));
    files.push(looked.kind === "parquet" ? await lookAtParquet(name, file) : looked);
  }
  const unequal = unequalCounts(files) ?? null;
  // A manifest that pairs them would only be refused later.
  return { files, manifest: unequal ? null : (guessManifest(files) ?? null), unequal };
}
