import { type Field, fieldsOfSchema } from "#contracts/step-form.ts";
import type { Options } from "#contracts/step-options.ts";
import { type Architecture, architectureSchema } from "#engine/train/catalogue/architecture.schema.ts";

export type Kind = Architecture["kind"];

export const kinds: readonly Kind[] = architectureSchema.options.map((option) => option.shape.kind.value);

/** The name under which messages have the words of an architecture and its sizes. */
export const wordsKey = (kind: Kind) => `architecture.${kind}`;

const fields = new Map<Kind, readonly Field[]>(
  architectureSchema.options.map((option) => [option.shape.kind.value, fieldsOfSchema(option, "kind")]),
);

/** The sizes of an architecture as form fields. */
export const fieldsOfKind = (kind: Kind): readonly Field[] => fields.get(kind) ?? [];

const images = { input: [1, 28, 28], outputs: 10 };
const texts = { vocabulary: 10_000, length: 64, outputs: 4 };
const ratings = { users: 1_000, items: 1_000 };

/** Sizes to begin with, so that the preview has something to show: those of well-known small datasets. */
export const startOf: Readonly<Record<Kind, Options>> = {
  mlp: { input: [784], outputs: 10 },
  "lenet-5": images,
  resnet: { input: [3, 32, 32], outputs: 10 },
  mobilenet: { input: [3, 32, 32], outputs: 10 },
  "text-cnn": texts,
  transformer: texts,
  lstm: texts,
  "matrix-factorization": ratings,
  "two-tower": ratings,
};
