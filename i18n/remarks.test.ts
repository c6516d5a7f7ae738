import { createTranslator } from "next-intl";
import { describe, expect, it } from "vitest";
import { logWords } from "#contracts/log.words.ts";
import { englishOf, numberStyles } from "#engine/remarks/english.ts";
import type { Words } from "#engine/remarks/parameters.ts";
import type { Remark, RemarkValue } from "#engine/remarks/remark.schema.ts";
import { words } from "#engine/words.ts";
import { messagesOf } from "./messages.ts";
import { parametersOf } from "./parameters.ts";

/** Every sentence that the engine and the workers can say. */
const all: Words = { ...words, log: logWords };
const sentences = Object.entries(all).flatMap(([group, texts]) =>
  Object.entries(texts).map(([name, text]) => ({ key: `${group}.${name}`, text })),
);
const english = englishOf(all);
const chinese: Words = messagesOf("zh").remark;

/** Names and values alone: they read the same everywhere. */
const untranslated = new Set([
  "common.error",
  "quantize-blockwise.gptq",
  "quantize-blockwise.hqq",
  "simplify.part",
]);

/** A remark of this sentence with such numbers; whatever is not a number is a name that no formatting changes. */
function filled(key: string, text: string, number: number): Remark {
  const { values, counts } = parametersOf(text);
  const params = values.map((name): [string, RemarkValue] => [
    name,
    counts.includes(name) ? number : `<${name}>`,
  ]);
  return { key, params: Object.fromEntries(params) };
}

function onPage(locale: "en" | "zh", { key, params }: Remark): string {
  const failures: string[] = [];
  const t = createTranslator({
    locale,
    messages: messagesOf(locale),
    onError: ({ message }) => failures.push(message),
  });
  // Keys are typed; here it is every key there is, as text.
  const text = (t as unknown as (key: string, values: object) => string)(`remark.${key}`, params);
  expect(failures).toEqual([]);
  return text;
}

describe("what the engine says", () => {
  it("is many sentences, all of which a page has in English", () => {
    expect(sentences.length).toBeGreaterThan(250);
    expect(messagesOf("en").remark).toEqual(all);
  });

  it("is said in Chinese too, with the same values and other words", () => {
    for (const { key, text } of sentences) {
      const [group = "", name = ""] = key.split(".");
      const other = chinese[group]?.[name] ?? "";
      // A number is one in both, so that each language formats it.
      const { values, counts } = parametersOf(text);
      expect(parametersOf(other), key).toMatchObject({ values, counts });
      if (!untranslated.has(key)) expect(other, key).toMatch(/[\p{Script=Han}“”]/u);
    }
  });

  it("has no sentence in Chinese that is never said", () => {
    const keys = Object.entries(chinese).flatMap(([group, texts]) =>
      Object.keys(texts).map((name) => `${group}.${name}`),
    );
    expect(keys.filter((key) => !sentences.some((one) => one.key === key))).toEqual([]);
  });

  it("reads in a log as it does on a page, whatever the numbers", () => {
    const numbers = [0, 1, 2, Math.PI, 0.5, 0.123456, 12_345, 1_234_567, -7, 1e-9];
    for (const { key, text } of sentences) {
      for (const number of numbers) {
        const remark = filled(key, text, number);
        expect(english(remark), key).toBe(onPage("en", remark));
      }
    }
  });

  it("uses number formats that the log knows, and nothing that only a page understands", () => {
    for (const { key, text } of sentences) {
      for (const [, style = ""] of text.matchAll(/, number(?:, ([^{}]+))?\}/g)) {
        expect(Object.keys(numberStyles), key).toContain(style);
      }
      expect(text, key).not.toMatch(/['<>]|, (select|date|time)/);
      // A branch of a plural that is a single word would be taken for a value.
      expect(text, key).not.toMatch(/(one|other) \{\w*\}/);
    }
  });
});

describe("the log's English", () => {
  it("says remarks in remarks, and lists", () => {
    const reasons: Remark[] = [
      { key: "common.needsData", params: {} },
      { key: "compress.times", params: { reason: { key: "simplify.cycle", params: {} }, count: 3 } },
    ];
    expect(english({ key: "compress.notApplicable", params: { reasons } })).toBe(
      "not applicable, because it needs data to calibrate on, and none was given; its graph has a cycle (3×)",
    );
    expect(english({ key: "common.defaultsGone", params: { names: ["a", "b"] } })).toBe(
      "Inputs that held the defaults of weights are gone: a, b",
    );
  });

  it("keeps sentences of earlier versions, and tells the values of remarks that it does not know", () => {
    expect(english("an old sentence")).toBe("an old sentence");
    expect(english({ key: "prune-dice.thrown", params: { eyes: 6, by: "w" } })).toBe(
      "prune-dice.thrown (eyes 6, by w)",
    );
    expect(english({ key: "constructor.name", params: {} })).toBe("constructor.name");
  });

  it("lets no name of a file break its line", () => {
    const name = "w\u001b[31m\nred";
    expect(english({ key: "common.unknownProtect", params: { name } })).toBe(
      String.raw`"protect" names "w\u001b[31m\u000ared", which the model does not have`,
    );
  });
});
