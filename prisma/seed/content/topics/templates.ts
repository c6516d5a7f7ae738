import { list } from "./lexicon/lexicon.ts";

/**
 * Sentence patterns. `{who}`, `{body}`, `{subject}`, `{problem}`, `{act}`, `{gauge}` and `{where}` are filled from
 * the lexicon of the text's topic, `{other.…}` from that of another topic, the rest from the lists below.
 */

/** Two or more phrases of the topic: easy to tell. */
export const clearTemplates: readonly string[] = [
  "{who} in {place} plan to {act}",
  "{who} call for more {subject} after {problem}",
  "{place} {body} to {act} by {year}",
  "{gauge} in {place} up {n} percent after {problem}",
  "{gauge} down {n} percent as {who} {act}",
  "new rules for {subject} worry {who}",
  "{who} warn of {problem} {where}",
  "trial of {subject} {where} cuts costs by {n} percent",
  "{place} spends {n} million on {subject} to limit {problem}",
  "why {who} in {place} want to {act}",
  "{who} ask for help with {problem} {where}",
  "{problem} could get worse in {place} unless {who} {act}",
  "the {body} says better {subject} made it easier to {act}",
  "volunteers {where} now help to {act}",
  "study links {problem} to cuts in spending on {subject}",
  "{n} {who} sign a petition on {subject}",
  "half of all {who} have noticed {problem} this {season}",
  "cost of {subject} up {n} percent, says the {place} {body}",
  "{who} compare {subject} {where}",
  "lack of {subject} delays plan to {act}",
  "{body} opens inquiry into {problem} {where}",
  "after {problem}, {who} review spending on {subject}",
  "how {who} learned to {act} without extra money",
  "wide gaps in {gauge} {where}, {body} finds",
];

/** One phrase of the topic beside a phrase of another one, or two against one: where the errors come from. */
export const mixedTemplates: readonly string[] = [
  "{who} and {other.who} join forces to {act}",
  "{body} turns to {other.subject} to save money",
  "{gauge} up {n} percent amid {other.problem}",
  "{who} fear {other.problem}",
  "plan to {act} meets doubts from {other.who}",
  "{other.body} backs {subject} in {place}",
  "{who} {where} look at {other.subject}",
  "{place} weighs {subject} against {other.subject}",
  "{other.problem} forces {body} to rethink {subject}",
  "{body} and {other.body} share data on {subject}",
  "what {who} can learn from {other.who}",
  "{other.who} want to {act}",
  "{other.who} discover {subject}",
];

/** A single phrase of the topic, sometimes made of everyday words. */
export const briefTemplates: readonly string[] = [
  "{place} sets aside {n} million for {subject}",
  "{body} publishes its annual report",
  "public meeting in {place} on {subject} next {weekday}",
  "changes to {gauge} expected in {month}",
  "{place} reviews its plan to {act}",
  "letters: {who} deserve better",
  "note from {month}: check figures on {gauge}",
  "new contract signed {where}",
  "{month} update on {problem}",
  "questions and answers about {subject}",
];

const placeBeginnings =
  list(`Ald, North, Kestrel, Grey, Elm, Lind, Brack, Tarn, Oak, Sel, Stone, Vel, Ash, Dun, Fair,
  Har, Inver, Kirk, Low, Mill, Orrin, Pell, Rose, Salt, Thorn, West, Yar, Zel, Castle, Pine, Sand, Marl`);

const placeEndings = list(
  "ford, by, moor, wick, mere, holm, dale, bridge, combe, haven, water, stead, field, reach",
);

/** Invented places: "Aldmoor", "Thornby". */
export const places = placeBeginnings.flatMap((start) => placeEndings.map((end) => start + end));

export const months =
  list(`January, February, March, April, May, June, July, August, September, October, November,
  December`);

export const weekdays = list("Monday, Tuesday, Wednesday, Thursday, Friday, Saturday");

export const seasons = list("spring, summer, autumn, winter");
