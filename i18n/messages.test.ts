import { createTranslator } from "next-intl";
import { describe, expect, it } from "vitest";
import { errorCodes } from "#contracts/errors.ts";
import type { Locale } from "#contracts/locale.ts";
import { messagesOf } from "./messages.ts";
import { parametersOf } from "./parameters.ts";

/** Every text of a language by its dotted key. */
function flatten(node: unknown, path = ""): [string, string][] {
  if (typeof node === "string") return [[path, node]];
  if (typeof node !== "object" || node === null) throw new Error(`${path} is neither a text nor a group`);
  return Object.entries(node).flatMap(([key, value]) => flatten(value, path === "" ? key : `${path}.${key}`));
}

const english = new Map(flatten(messagesOf("en")));
const chinese = new Map(flatten(messagesOf("zh")));

/** Stands for a value of which nothing is known, not even its script. */
const unknown = "\ue000";

/** The texts of a language as a page shows them, with 2 for every count, and what could not be formatted. */
function formatted(locale: Locale, texts: Map<string, string>) {
  const failures: string[] = [];
  const t = createTranslator({
    locale,
    messages: messagesOf(locale),
    onError: (error) => failures.push(error.message),
  });
  const shown = [...texts].map(([key, text]): [string, string] => {
    const { values, counts, tags } = parametersOf(text);
    const given = {
      ...Object.fromEntries(values.map((name) => [name, counts.includes(name) ? 2 : unknown])),
      ...Object.fromEntries(tags.map((name) => [name, (chunks: string) => String(chunks) || unknown])),
    };
    // Keys are typed; here it is every key there is, as text.
    return [key, (t.markup as (key: string, values: object) => string)(key, given)];
  });
  return { shown, failures };
}

describe("messages", () => {
  it("have the same keys in both languages", () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it("take the same values in both languages", () => {
    for (const [key, text] of english) {
      const { values, tags } = parametersOf(text);
      expect(parametersOf(chinese.get(key) ?? ""), key).toMatchObject({ values, tags });
    }
  });

  it("are never empty", () => {
    for (const [key, text] of [...english, ...chinese]) expect(text.trim(), key).not.toBe("");
  });

  it.each([
    ["en", english],
    ["zh", chinese],
  ] as const)("can be formatted in %s", (locale, texts) =>
    expect(formatted(locale, texts).failures).toEqual([]),
  );

  it("have a sentence for every error, and no sentence without one", () => {
    expect(Object.keys(messagesOf("en").errors).sort()).toEqual([...errorCodes].sort());
  });
});

describe("Chinese texts", () => {
  const { shown } = formatted("zh", chinese);
  const offending = (wrong: RegExp) =>
    shown.filter(([, text]) => wrong.test(text)).map(([key, text]) => `${key}: ${text}`);
  const han = "\\p{Script=Han}";

  it("use Chinese punctuation beside Chinese characters", () => {
    expect(offending(new RegExp(`${han}\\s*[,;!?"'(]|[,;!?"')]${han}|${han}[.:](\\s|$)`, "u"))).toEqual([]);
  });

  it("set Latin words and digits off by a space", () => {
    expect(offending(new RegExp(`${han}[A-Za-z0-9]|[A-Za-z0-9]${han}`, "u"))).toEqual([]);
  });

  it("set punctuation off by none", () => {
    expect(offending(/[，。；：！？、（）“”…] | [，。；：！？、（）”]/u)).toEqual([]);
  });

  it("end with a full stop where the English sentence does, and labels without", () => {
    const other = new Map(formatted("en", english).shown);
    // Two words in small letters with a stop are an abbreviation, not a sentence.
    const isSentence = (text: string) => /\.$/.test(text) && !/^[a-z]+\.? [a-z]+\.$/.test(text);
    const found = shown.filter(([key, text]) => text.endsWith("。") !== isSentence(other.get(key) ?? ""));
    expect(found.map(([key, text]) => `${key}: ${text} | ${other.get(key)}`)).toEqual([]);
  });
});
