import { EngineError } from "#engine/error.ts";
import { type SplitName, splitOf } from "../split-names.ts";
import { pickled } from "./recognise.ts";

/** A file in an archive. Its path has been checked: relative, without `..`, and every byte belongs to it alone. */
export interface ArchiveEntry {
  readonly path: string;
  /** Unpacked size in bytes. */
  readonly bytes: number;
  /** Unpacks it; throws where the content is not what the directory promised. */
  readonly read: () => Uint8Array;
}

/** The files of an archive in the order of its directory, without folders. */
export type Archive = readonly ArchiveEntry[];

/** Opens an archive: its directory at once, its files when they are read. */
export type Unzip = (bytes: Uint8Array, file: string) => Promise<Archive>;

export type ArchiveContent = "arrays" | "images" | "audio";

const kinds: readonly (readonly [ArchiveContent, RegExp])[] = [
  ["arrays", /\.npy$/i],
  ["images", /\.(png|jpe?g)$/i],
  ["audio", /\.wav$/i],
];

/** What finders, thumbnailers and version control leave behind in every folder. */
const litter = /(^|\/)(__MACOSX\/|\.DS_Store$|\._|Thumbs\.db$|desktop\.ini$|\.git)/i;
const beside = /\.(txt|md|csv|json|yaml|yml|html|license)$|(^|\/)(license|readme)[^/]*$/i;
const nested = /\.(zip|npz|tar|tgz|gz|bz2|xz|7z|rar)$/i;

/**
 * What an archive is a dataset of, and the entries that make it. Texts beside images and sounds are passed over; anything
 * else that is neither is refused, because a file that nobody reads is usually a mistake.
 *
 * @throws EngineError "unsupported" or "data-mismatch" that names an entry
 */
export function contentOf(archive: Archive, file: string): { content: ArchiveContent; entries: Archive } {
  const entries = archive.filter(({ path }) => !litter.test(path));
  if (entries.length === 0) throw new EngineError("data-mismatch", "The archive has no files", file);
  const pickle = entries.find(({ path }) => /\.(pkl|pickle)$/i.test(path));
  if (pickle !== undefined) throw pickled(`${file}, ${pickle.path}`);
  const archiveInside = entries.find(({ path }) => nested.test(path));
  if (archiveInside !== undefined) {
    throw new EngineError(
      "unsupported",
      "An archive within the archive is not opened; pack its files directly",
      `${file}, ${archiveInside.path}`,
    );
  }
  const kindOf = (path: string) => kinds.find(([, pattern]) => pattern.test(path))?.[0];
  const found = new Set(entries.map(({ path }) => kindOf(path)).filter((kind) => kind !== undefined));
  const [content, other] = found;
  if (content === undefined) {
    const listed = entries.slice(0, 5).map(({ path }) => path);
    throw new EngineError(
      "data-mismatch",
      `The archive has no images (PNG, JPEG), no sounds (WAV) and no arrays (NPY); it has ${listed.join(", ")}${entries.length > 5 ? ", …" : ""}`,
      file,
    );
  }
  if (other !== undefined) {
    throw new EngineError("data-mismatch", `The archive mixes ${content} and ${other}`, file);
  }
  const unknown = entries.find(({ path }) => kindOf(path) === undefined && !beside.test(path));
  if (unknown !== undefined) {
    throw new EngineError(
      "data-mismatch",
      `The archive has ${content} and a file that is none`,
      `${file}, ${unknown.path}`,
    );
  }
  return { content, entries: entries.filter(({ path }) => kindOf(path) === content) };
}

/** The folder that an entry lies in names its class; the one above may name its split, as in `train/cat/1.png`. */
export function placeOf(path: string): { label: string; split: SplitName | undefined } {
  const folders = path.split("/").slice(0, -1);
  const above = folders.at(-2);
  return { label: folders.at(-1) ?? "", split: above === undefined ? undefined : splitOf(above) };
}
