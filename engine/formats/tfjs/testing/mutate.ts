/** One place of a JSON value, changed as hostile files are. */
export interface Edit {
  /** Which place, as a share of all places. */
  readonly at: number;
  readonly kind: number;
}

const odd: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  2 ** 31,
  1e308,
  "",
  "constructor",
  "__proto__",
  "relu",
  "valid",
  [],
  {},
  [[]],
  [null, null],
  [2 ** 30, 2 ** 30, 2 ** 30],
];

interface Place {
  readonly holder: object;
  readonly key: string;
}

function placesOf(holder: unknown, places: Place[]): void {
  if (typeof holder !== "object" || holder === null) return;
  for (const [key, inner] of Object.entries(holder)) {
    places.push({ holder, key });
    placesOf(inner, places);
  }
}

/** A copy with its places replaced, removed, doubled or swapped for another's. */
export function mutated<T>(json: T, edits: readonly Edit[]): T {
  const copy: T = structuredClone(json);
  for (const { at, kind } of edits) {
    const places: Place[] = [];
    placesOf(copy, places);
    const place = places[Math.floor(at * places.length)];
    const other = places[(Math.floor(at * places.length) * 7 + kind) % Math.max(1, places.length)];
    if (place !== undefined && other !== undefined) change(place, other, kind);
  }
  return copy;
}

function change({ holder, key }: Place, other: Place, kind: number): void {
  const held = Reflect.get(holder, key);
  const step = kind % 5;
  if (step === 0) Reflect.deleteProperty(holder, key);
  else if (step === 1) Reflect.set(holder, key, structuredClone(Reflect.get(other.holder, other.key)));
  else if (step === 2 && Array.isArray(held)) Reflect.set(holder, key, [...held, ...structuredClone(held)]);
  else if (step === 3 && typeof held === "number") Reflect.set(holder, key, held * 1000 + 1);
  else Reflect.set(holder, key, structuredClone(odd[kind % odd.length]));
}
