export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/**
 * A value as PostgreSQL's jsonb can keep it. Names in an uploaded file may hold NUL or half a surrogate pair, which
 * jsonb refuses: these become U+FFFD, in keys too. Members that JSON does not have are left out.
 */
export function storable(value: object): { [key: string]: Json } {
  const made: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined || typeof member === "function") continue;
    // Assigning would let a file set the prototype through a member of this name.
    Object.defineProperty(made, cleaned(key), {
      value: storableMember(member),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return made;
}

function storableMember(value: unknown): Json {
  if (typeof value === "string") return cleaned(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(storableMember);
  return value instanceof Object ? storable(value) : null;
}

function cleaned(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uFFFD");
}
