/** The phrases of one topic. Each list is ordered from everyday to rare: the generator prefers the first ones. */
export interface Lexicon {
  /** People, plural, without an article: "grid operators". */
  who: readonly string[];
  /** One organisation, without an article: "energy regulator". */
  body: readonly string[];
  /** Things, plural or uncountable: "solar panels". */
  subject: readonly string[];
  /** What goes wrong, plural or uncountable: "power cuts". */
  problem: readonly string[];
  /** What somebody can do, as an infinitive: "insulate old pipes". */
  act: readonly string[];
  /** What can rise or fall, plural or uncountable: "electricity bills". */
  gauge: readonly string[];
  /** A place with its preposition: "at the substation". */
  where: readonly string[];
}

/** Splits a comma-separated list over any number of lines. */
export function list(text: string): string[] {
  return text.split(",").map((phrase) => phrase.trim().replace(/\s+/g, " "));
}
