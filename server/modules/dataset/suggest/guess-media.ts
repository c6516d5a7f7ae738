import type { LookedAtFile } from "#contracts/dataset.ts";
import { cut } from "./guess-arrays.ts";
import { splitOf } from "./split-of.ts";

/** What most networks for photographs take; a person who knows better corrects it. */
const side = 224;
const commonRate = 16_000;

/** Archives of pictures or sounds, and single sounds: one file, or one for each split. */
export function guessMedia(files: readonly LookedAtFile[]) {
  const media = files.filter(({ kind }) => kind === "images" || kind === "sounds" || kind === "wav");
  const [first] = media;
  if (first === undefined || !media.every(({ kind }) => kind === first.kind)) return undefined;
  const splits = splitsOf(media);
  if (splits === undefined) return undefined;
  const common = {
    task: "classification" as const,
    splits,
    ...(first.kind !== "wav" && { label: { from: "class" } }),
  };
  if (first.kind === "images") {
    const resize = { height: side, width: side };
    return {
      ...common,
      inputs: [
        { to: 0, from: "image", resize, layout: "NHWC" as const, dtype: "float32" as const, scale: 1 / 255 },
      ],
    };
  }
  const rate = first.rate ?? commonRate;
  return {
    ...common,
    audio: { rate, samples: rate, rest: "pad" as const },
    inputs: [{ to: 0, from: "audio", dtype: "float32" as const }],
  };
}

function splitsOf(files: readonly LookedAtFile[]): object | undefined {
  const [first, ...others] = files;
  if (first === undefined) return undefined;
  if (others.length === 0) {
    return first.hasSplits === true ? { file: first.name, column: "split" } : { file: first.name, ...cut };
  }
  const named = files.map(({ name }) => [splitOf(name), name] as const);
  const isOneEach = new Set(named.map(([split]) => split)).size === files.length;
  return isOneEach && named.every(([split]) => split !== undefined) ? Object.fromEntries(named) : undefined;
}
