import type { Inspection } from "#engine/inspect.schema.ts";

type Initialiser = Inspection["initializers"][number];
export type InitialiserKey = "name" | "dtype" | "shape" | "bytes";

export interface InitialiserSort {
  readonly by: InitialiserKey;
  readonly descending: boolean;
}

const elements = (each: Initialiser) => each.shape.reduce((product, size) => product * size, 1);

const comparisons: Record<InitialiserKey, (one: Initialiser, other: Initialiser) => number> = {
  // Numbers inside names count as numbers: layer.2 stands before layer.10.
  name: (one, other) => one.name.localeCompare(other.name, "en", { numeric: true }),
  dtype: (one, other) => one.dtype.localeCompare(other.dtype, "en"),
  shape: (one, other) => elements(one) - elements(other),
  bytes: (one, other) => one.bytes - other.bytes,
};

/** The tensors whose name contains `search`, in order; equal ones stay as they are in the file. */
export function sortedInitialisers(
  all: readonly Initialiser[],
  search: string,
  { by, descending }: InitialiserSort,
): Initialiser[] {
  const wanted = search.trim().toLowerCase();
  const sign = descending ? -1 : 1;
  return all
    .filter((each) => each.name.toLowerCase().includes(wanted))
    .toSorted((one, other) => sign * comparisons[by](one, other));
}
