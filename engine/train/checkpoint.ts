import { z } from "zod";
import { EngineError } from "#engine/error.ts";
import { plainBytes } from "#engine/onnx/plain-bytes.ts";
import type { FitState } from "./fit.ts";
import { lanes } from "./optimizers/memory.ts";

const score = z.strictObject({ loss: z.number(), accuracy: z.number().optional() });

const sizes = z.array(z.tuple([z.string(), z.int().min(0)]));

const headerSchema = z.strictObject({
  version: z.literal(1),
  steps: z.int().min(0),
  updates: z.int().min(0),
  lossSum: z.number(),
  history: z.array(z.strictObject({ trainLoss: z.number(), tuning: score.optional() })),
  bestEpoch: z.int().min(1).nullable(),
  /** Names and bytes of what follows, in order. */
  lanes: z.array(z.tuple([z.enum(lanes), z.int().min(0)])),
  statistics: sizes,
  best: sizes,
});

const headerBytes = 4;

/** The parts of a file from which `decodeCheckpoint` makes the same state, to the bit. */
export function encodeCheckpoint({ trainer, history, best, lossSum }: FitState): Uint8Array[] {
  const laneParts = lanes.flatMap((lane) => {
    const bytes = trainer.lanes[lane];
    return bytes === undefined ? [] : [[lane, bytes] as const];
  });
  const statistics = [...trainer.statistics].map(([name, values]) => [name, bytesOf(values)] as const);
  const weights = [...(best?.weights ?? [])].map(([name, values]) => [name, bytesOf(values)] as const);
  const lengths = <Name extends string>(parts: readonly (readonly [Name, Uint8Array])[]) =>
    parts.map(([name, { length }]): [Name, number] => [name, length]);
  const header: z.input<typeof headerSchema> = {
    version: 1,
    steps: trainer.steps,
    updates: trainer.updates,
    lossSum,
    history: history.map(({ trainLoss, tuning }) => ({ trainLoss, ...(tuning && { tuning }) })),
    bestEpoch: best?.epoch ?? null,
    lanes: lengths(laneParts),
    statistics: lengths(statistics),
    best: lengths(weights),
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(headerBytes);
  new DataView(length.buffer).setUint32(0, text.length, true);
  return [length, text, ...[...laneParts, ...statistics, ...weights].map(([, bytes]) => bytes)];
}

/** @throws EngineError "malformed" where the bytes are no checkpoint, or not a whole one */
export function decodeCheckpoint(given: Uint8Array): FitState {
  const file = plainBytes(given);
  if (file.length < headerBytes) throw broken();
  const length = new DataView(file.buffer, file.byteOffset).getUint32(0, true);
  const header = parsed(file.subarray(headerBytes, headerBytes + length));
  let at = headerBytes + length;
  const take = (bytes: number) => {
    const part = file.slice(at, at + bytes);
    if (part.length !== bytes) throw broken();
    at += bytes;
    return part;
  };
  const floats = (bytes: number) => {
    if (bytes % 4 !== 0) throw broken();
    return new Float32Array(take(bytes).buffer);
  };
  const kept = Object.fromEntries(header.lanes.map(([lane, bytes]) => [lane, take(bytes)]));
  const statistics = new Map(header.statistics.map(([name, bytes]) => [name, floats(bytes)]));
  const weights = new Map(header.best.map(([name, bytes]) => [name, floats(bytes)]));
  if (at !== file.length) throw broken();
  const { steps, updates, lossSum, bestEpoch } = header;
  return {
    trainer: { steps, updates, lanes: kept, statistics },
    history: header.history.map(({ trainLoss, tuning }) => ({
      trainLoss,
      tuning: tuning && { loss: tuning.loss, accuracy: tuning.accuracy },
    })),
    best: bestEpoch === null ? undefined : { epoch: bestEpoch, weights },
    lossSum,
  };
}

function parsed(text: Uint8Array): z.output<typeof headerSchema> {
  try {
    return headerSchema.parse(JSON.parse(new TextDecoder().decode(text)));
  } catch (cause) {
    throw broken(cause);
  }
}

function broken(cause?: unknown): EngineError {
  return new EngineError("malformed", "The checkpoint of the training cannot be read", undefined, { cause });
}

const bytesOf = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
