import { EngineError } from "#engine/error.ts";
import { type Column, maxRows, type Table } from "../columns.ts";
import type { Manifest } from "../manifest.schema.ts";
import { type Archive, placeOf } from "./archive.ts";
import type { Want } from "./collector.ts";
import { readWav, type Wav } from "./wav.ts";

/** Float32 values of all windows together. */
const maxValues = 400_000_000;

interface Sound {
  readonly path: string;
  readonly bytes: () => Uint8Array;
}

/**
 * Sounds as a table: each file is cut into consecutive windows of `audio.samples` frames, which are the items of the
 * column `audio`, [samples] or [samples, channels]. `file` and, for archives, `class` and `split` say where from.
 *
 * @throws EngineError "data-mismatch" for another rate or number of channels than the manifest says, which are never
 * converted, and for a rest that is shorter than a window where the manifest does not say what to do
 */
export function readSounds(
  sounds: readonly Sound[],
  archived: boolean,
  manifest: Manifest,
  want: Want,
): Table {
  const names = archived ? ["audio", "class", "split", "file"] : ["audio", "file"];
  want(names);
  const windows: Float32Array[] = [];
  const from: string[] = [];
  let first: (Wav & { path: string }) | undefined;
  let total = 0;
  for (const { path, bytes } of sounds) {
    const wav = readWav(bytes(), path);
    const audio = audioOf(manifest, wav, path);
    first ??= { ...wav, path };
    if (wav.rate !== audio.rate) {
      throw new EngineError(
        "data-mismatch",
        `The sound has ${wav.rate} Hz, the manifest says ${audio.rate}; sounds are not resampled: convert it, or correct the manifest`,
        path,
      );
    }
    if (wav.channels !== first.channels) {
      throw new EngineError(
        "data-mismatch",
        `The sound has ${wav.channels} channels, ${first.path} has ${first.channels}`,
        path,
      );
    }
    for (const window of cut(wav, audio, path)) {
      windows.push(window);
      from.push(path);
      total += window.length;
      if (total > maxValues || windows.length > maxRows) {
        throw new EngineError("limit-exceeded", `The sounds have more than ${maxValues} values`, path);
      }
    }
  }
  if (first === undefined || windows.length === 0)
    throw new EngineError("data-mismatch", "There are no sounds");
  const values = new Float32Array(total);
  for (const [index, window] of windows.entries()) values.set(window, index * window.length);
  const frames = total / windows.length / first.channels;
  const columns = new Map<string, Column>([
    [
      "audio",
      { kind: "array", itemShape: first.channels === 1 ? [frames] : [frames, first.channels], values },
    ],
    ["file", { kind: "text", values: from }],
  ]);
  if (archived) {
    columns.set("class", { kind: "text", values: from.map((path) => placeOf(path).label) });
    columns.set("split", { kind: "text", values: from.map((path) => placeOf(path).split ?? "") });
  }
  return { names, rows: windows.length, columns, head: [] };
}

export function soundsOf(archive: Archive): Sound[] {
  return archive.map(({ path, read }) => ({ path, bytes: read }));
}

function audioOf({ audio }: Manifest, { rate, frames }: Wav, path: string): NonNullable<Manifest["audio"]> {
  if (audio !== undefined) return audio;
  throw new EngineError(
    "data-mismatch",
    `Sounds need \`audio: {rate: ${rate}, samples: N}\` in the manifest, with the N frames that the model takes (this one has ${frames})`,
    path,
  );
}

function* cut(wav: Wav, audio: NonNullable<Manifest["audio"]>, path: string): Generator<Float32Array> {
  const size = audio.samples * wav.channels;
  for (let at = 0; at < wav.samples.length; at += size) {
    const window = wav.samples.subarray(at, at + size);
    if (window.length === size) {
      yield window;
      continue;
    }
    if (audio.rest === "drop") return;
    if (audio.rest !== "pad") {
      throw new EngineError(
        "data-mismatch",
        `The sound has ${wav.frames} frames, no multiple of ${audio.samples}; say \`rest: drop\` or \`rest: pad\` (with silence) under \`audio\``,
        path,
      );
    }
    const padded = new Float32Array(size);
    padded.set(window);
    yield padded;
  }
}
