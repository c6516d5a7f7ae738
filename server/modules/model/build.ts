import type { z } from "zod";
import type { ArchitecturePreview, buildModelInput } from "#contracts/architecture.ts";
import { AppError } from "#contracts/errors.ts";
import type { RegisteredModel } from "#contracts/model.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import { english } from "#engine/english.ts";
import { encodedLength, encodeModel } from "#engine/onnx/encode.ts";
import type { Architecture } from "#engine/train/catalogue/architecture.schema.ts";
import {
  architectureRefusal,
  buildArchitecture,
  measureArchitecture,
} from "#engine/train/catalogue/index.ts";
import type { Db } from "#server/db/client.ts";
import { receive } from "#server/modules/upload/receive.ts";
import { register } from "./registration.ts";

/** What an architecture would be as a model, without building it. */
export function preview(architecture: Architecture): ArchitecturePreview {
  return { ...measureArchitecture(architecture), refusal: architectureRefusal(architecture) ?? null };
}

/**
 * Builds an architecture and registers it as an uploaded file is registered: stored by its hash, inspected by a worker.
 *
 * @throws AppError `cannotBuild` where its numbers do not go together or it is too large, before memory is taken
 */
export async function build(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof buildModelInput>,
): Promise<RegisteredModel & { readonly uploadId: string }> {
  const { project, name, description, trainingData, architecture, seed } = input;
  const refusal = architectureRefusal(architecture);
  if (refusal !== undefined) throw new AppError("cannotBuild", { reason: english(refusal) });
  const model = buildArchitecture(architecture, seed);
  const { uploadId } = await receive(db, scope, {
    project,
    fileName: `${architecture.kind}-seed-${seed}.onnx`,
    body: streamOf(encodeModel(model)),
    expectedBytes: encodedLength(model),
    signal: new AbortController().signal,
    recheck: async () => {},
  });
  const made = await register(db, scope, { project, uploadId, name, description, trainingData, licence: "" });
  return { ...made, uploadId };
}

function streamOf(parts: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  const rest = parts.values();
  return new ReadableStream({
    pull: (controller) => {
      const { value, done } = rest.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}
