import type { Remark, RemarkValue } from "./remark.schema.ts";

/** Sentences by group and name. Each is an ICU message of the kinds that `format.ts` knows. */
export type Words = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What stands between two braces: `count, number` and `count, plural, one {…` want a number, `name` anything else. */
type Argument<Inner extends string> = Inner extends `${infer Name}, ${string}`
  ? Name extends `${string} ${string}`
    ? unknown
    : { readonly [Key in Name]: number }
  : Inner extends `${string} ${string}`
    ? unknown
    : { readonly [Key in Inner]: Exclude<RemarkValue, number> };

/** The values that a sentence takes, read from its text. */
export type ParametersOf<Text extends string> = Text extends `${string}{${infer Inner}}${infer Rest}`
  ? Argument<Inner> & ParametersOf<Rest>
  : unknown;

type Flat<T> = { readonly [Key in keyof T]: T[Key] };

/** The names of all sentences, `group.sentence`. */
export type KeyOf<W extends Words> = {
  [Group in keyof W & string]: `${Group}.${keyof W[Group] & string}`;
}[keyof W & string];

type TextOf<W extends Words, Key extends string> = Key extends `${infer Group}.${infer Name}`
  ? W[Group][Name]
  : never;

/** One sentence with its values, checked: a remark of this key and no other values. */
export interface RemarkOf<W extends Words, Key extends KeyOf<W>> extends Remark {
  readonly key: Key;
  readonly params: Flat<ParametersOf<TextOf<W, Key>>> & Readonly<Record<string, RemarkValue>>;
}

/** Every remark that can be made of these sentences: a union by `key`. */
export type RemarkIn<W extends Words> = { [Key in KeyOf<W>]: RemarkOf<W, Key> }[KeyOf<W>];

type Given<Text> = Text extends string
  ? keyof ParametersOf<Text> extends never
    ? readonly []
    : readonly [Flat<ParametersOf<Text>>]
  : never;

export type Sayer<W extends Words> = <Key extends KeyOf<W>>(
  key: Key,
  ...values: Given<TextOf<W, Key>>
) => RemarkIn<W> & { readonly key: Key };

/** Makes remarks of these sentences, which are needed as a type only: who says something loads no texts. */
export function sayer<W extends Words>(): Sayer<W> {
  const say = (key: string, values: Readonly<Record<string, RemarkValue>> = {}): Remark => {
    const params: Record<string, RemarkValue> = {};
    for (const [name, value] of Object.entries(values)) {
      // JSON has no other numbers, and a file may hold any.
      params[name] = typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
    }
    return { key, params };
  };
  // The signature checks each call; the compiler cannot follow the values of a key that it does not know yet.
  return say as unknown as Sayer<W>;
}
