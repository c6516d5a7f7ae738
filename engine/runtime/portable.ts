import { LazyBytes, type PortableBytes } from "../onnx/lazy.ts";
import { type MapElements, MappedBytes } from "../passes/mapped-bytes.ts";
import { FileBytes, RandomFile } from "./file-bytes.ts";

/** Replaces lazy bytes, wherever they stand in the input of a task, by what another thread can make them of. */
export function portable(value: unknown): unknown {
  if (value instanceof LazyBytes) return value.portable();
  return mapped(value, portable);
}

/** Files that this thread reads from; they are closed when it ends. */
const files = new Map<string, RandomFile>();

function fileAt(path: string): RandomFile {
  const file = files.get(path) ?? new RandomFile(path);
  files.set(path, file);
  return file;
}

/** The opposite of `portable`, in the thread that does the work. */
export async function revived(value: unknown): Promise<unknown> {
  if (isPortable(value)) return await revivedBytes(value);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return await Promise.all(value.map(revived));
  const out: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(value)) out[key] = await revived(part);
  return out;
}

async function revivedBytes(bytes: PortableBytes): Promise<LazyBytes> {
  if (bytes.lazy === "file") return new FileBytes(fileAt(bytes.path), bytes.offset, bytes.length);
  const { module, widths, params, first } = bytes;
  const { map } = (await import(module)) as { map: MapElements<unknown> };
  const source = bytes.source instanceof Uint8Array ? bytes.source : await revivedBytes(bytes.source);
  return new MappedBytes({ module, map, widths }, source, params, first);
}

function isPortable(value: unknown): value is PortableBytes {
  return typeof value === "object" && value !== null && "lazy" in value;
}

function mapped(value: unknown, change: (part: unknown) => unknown): unknown {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(change);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, change(part)]));
}
