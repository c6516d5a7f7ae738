/** A value as JSON and YAML know it. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** A manifest while it is being written: any JSON object, not valid yet. */
export type Draft = JsonObject;
export type Path = readonly (string | number)[];

export const emptyDraft: Draft = {
  name: "",
  task: "classification",
  splits: {},
  inputs: [{ to: 0, from: "" }],
  label: { from: "" },
};

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path; undefined where there is none. */
export function valueAt(draft: Json, path: Path): Json | undefined {
  let value: Json | undefined = draft;
  for (const key of path) {
    if (Array.isArray(value) && typeof key === "number") value = value[key];
    else if (isObject(value) && typeof key === "string") value = value[key];
    else return undefined;
  }
  return value;
}

/** The draft with another value at a path, or without it (undefined). Objects on the way are made as needed. */
export function withValue(draft: Json | undefined, path: Path, value: Json | undefined): Json {
  const [key, ...rest] = path;
  if (key === undefined) return value ?? null;
  if (typeof key === "number") {
    const list = Array.isArray(draft) ? [...draft] : [];
    if (rest.length === 0 && value === undefined) return list.filter((_, index) => index !== key);
    list[key] = withValue(list[key], rest, value);
    return list;
  }
  const object = isObject(draft) ? draft : {};
  if (rest.length === 0 && value === undefined) {
    const { [key]: _gone, ...others } = object;
    return others;
  }
  return { ...object, [key]: withValue(object[key], rest, value) };
}

export function textOf(value: Json | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

export function numberOf(value: Json | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** Names in a file are addressed by string, positions by number: digits alone become a number. */
export function referenceOf(text: string): Json {
  return /^\d{1,6}$/.test(text.trim()) ? Number(text) : text;
}
