import { expect, it } from "vitest";
import { wordsFrom } from "#components/recipe/words/technique-words.ts";
import { architectureSchema } from "#engine/train/catalogue/architecture.schema.ts";
import { architectureRefusal } from "#engine/train/catalogue/index.ts";
import { messagesOf } from "#i18n/messages.ts";
import { fieldsOfKind, kinds, startOf, wordsKey } from "./architectures.ts";

it.each(kinds)("%s has a form without YAML, and sizes to begin with that can be built", (kind) => {
  const fields = fieldsOfKind(kind);
  expect(fields.length).toBeGreaterThan(1);
  for (const field of fields) expect(["number", "numbers"]).toContain(field.kind);
  const spec = architectureSchema.parse({ kind, ...startOf[kind] });
  expect(architectureRefusal(spec)).toBeUndefined();
});

it.each(["en", "zh"] as const)("every architecture and size has words: %s", (locale) => {
  const { technique, architecture } = messagesOf(locale);
  const words = wordsFrom({ ...technique, ...architecture });
  for (const kind of kinds) {
    expect(words.text(wordsKey(kind)), kind).not.toBe("");
    for (const { path } of fieldsOfKind(kind)) {
      expect(words.option(wordsKey(kind), path).help, `${kind} ${path.join(".")}`).not.toBe("");
    }
  }
});
