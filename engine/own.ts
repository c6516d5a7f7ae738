/**
 * The entry of a table under a name that comes from a file. A plain look-up would find what every object inherits for
 * names such as "constructor".
 */
export function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
