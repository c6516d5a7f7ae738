import type { Json } from "./draft.ts";

/** Whole numbers between commas or ×; anything else stays text, which the manifest's schema refuses. */
export function shapeOf(text: string): Json | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  return /^\d+(\s*[,×x]\s*\d+)*$/.test(trimmed) ? trimmed.split(/\s*[,×x]\s*/).map(Number) : text;
}

export function textOfShape(shape: Json | undefined): string {
  if (Array.isArray(shape)) return shape.join(", ");
  return typeof shape === "string" ? shape : "";
}

/** One number for all, or a list: of mean and std. */
export function perElementOf(text: string): Json | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const parts = trimmed.split(/\s*,\s*/).map(Number);
  if (parts.some((part) => !Number.isFinite(part))) return text;
  return parts.length === 1 ? (parts[0] ?? text) : parts;
}

export function textOfPerElement(value: Json | undefined): string {
  return typeof value === "number" ? String(value) : textOfShape(value);
}
