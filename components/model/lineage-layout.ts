export interface Link {
  readonly parent: string;
  readonly child: string;
}

export interface Placed {
  readonly id: string;
  /** Generations from a version that has no parent. */
  readonly column: number;
  readonly row: number;
}

export interface Layout {
  readonly placed: readonly Placed[];
  readonly columns: number;
  readonly rows: number;
}

/**
 * Places a forest from left to right: a parent stands in the row of its first child, each further child (and each
 * further tree) takes a row of its own below. Siblings keep the order of `ids`. Links that do not fit a forest (a
 * second parent, a cycle, an unknown end) are left out, so that every ID is placed exactly once.
 */
export function layoutOf(ids: readonly string[], links: readonly Link[]): Layout {
  const known = new Set(ids);
  const parentOf = new Map<string, string>();
  for (const { parent, child } of links) {
    if (known.has(parent) && known.has(child) && !parentOf.has(child)) parentOf.set(child, parent);
  }
  const children = new Map<string, string[]>();
  const roots: string[] = [];
  for (const id of ids) {
    const parent = parentOf.get(id);
    if (parent === undefined) roots.push(id);
    else children.set(parent, [...(children.get(parent) ?? []), id]);
  }
  const placed = new Map<string, Placed>();
  let rows = 0;
  // A stack of our own: a chain of hundreds of generations must not overflow the engine's.
  const placeTree = (root: string) => {
    const waiting = [{ id: root, column: 0, opensRow: true }];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      if (placed.has(next.id)) continue;
      if (next.opensRow) rows++;
      const { id, column } = next;
      placed.set(id, { id, column, row: rows - 1 });
      const below = (children.get(id) ?? []).map((child, index) => ({
        id: child,
        column: column + 1,
        opensRow: index > 0,
      }));
      waiting.push(...below.toReversed());
    }
  };
  for (const root of roots) placeTree(root);
  // What is left belongs to a cycle.
  for (const id of ids) if (!placed.has(id)) placeTree(id);
  const columns = Math.max(0, ...[...placed.values()].map(({ column }) => column + 1));
  return { placed: [...placed.values()], columns, rows };
}
