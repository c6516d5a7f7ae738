/** A line of a service as a person at the terminal reads it: the JSON of our log becomes one plain sentence. */
export function readable(name: string, line: string): string {
  try {
    const { level, message, ...rest } = JSON.parse(line) as Record<string, unknown>;
    const error = rest.error as { message?: string } | undefined;
    const id = typeof rest.id === "string" ? ` (${rest.id})` : "";
    const mark = level === "error" ? "error: " : level === "warn" ? "warning: " : "";
    return `[${name}] ${mark}${String(message)}${error?.message ? `: ${error.message}` : ""}${id}`;
  } catch {
    return `[${name}] ${line}`;
  }
}
