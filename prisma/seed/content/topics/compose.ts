import type { Random } from "../numeric/random.ts";
import type { Lexicon } from "./lexicon/lexicon.ts";
import { months, places, seasons, weekdays } from "./templates.ts";

/** The larger, the more often rare phrases of a lexicon are used. */
const RARITY = 4;

const slot = /\{(other\.)?(\w+)\}/g;

function isListName(name: string, lexicon: Lexicon): name is keyof Lexicon {
  return name in lexicon;
}

function general(name: string, random: Random): string {
  switch (name) {
    case "place":
      return random.pick(places);
    case "month":
      return random.pick(months);
    case "weekday":
      return random.pick(weekdays);
    case "season":
      return random.pick(seasons);
    case "year":
      return String(random.integer(2026, 2040));
    case "n":
      return String(random.integer(2, 60));
    default:
      throw new RangeError(`the template has an unknown slot {${name}}`);
  }
}

/**
 * Fills a template's slots and capitalises its first letter. A phrase is never used twice in one sentence.
 *
 * @param own lexicon of the topic that the text is about
 * @param other lexicon that `{other.…}` slots take their phrases from
 */
export function compose(template: string, own: Lexicon, other: Lexicon, random: Random): string {
  const used = new Set<string>();
  const text = template.replace(slot, (_, prefix: string | undefined, name: string) => {
    const lexicon = prefix === undefined ? own : other;
    if (!isListName(name, lexicon)) return general(name, random);
    const fresh = lexicon[name].filter((phrase) => !used.has(phrase));
    const phrase = random.pickZipf(fresh, RARITY);
    used.add(phrase);
    return phrase;
  });
  return text.charAt(0).toUpperCase() + text.slice(1);
}
