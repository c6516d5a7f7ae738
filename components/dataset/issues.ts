import { manifestSchema, memberOf } from "#engine/evaluate/dataset/manifest.schema.ts";
import { type Draft, isObject, type Json, valueAt } from "./draft.ts";

/**
 * What is wrong with one field: a key of the messages where this version has a sentence for it, else the schema's own
 * words (English).
 */
export interface FieldIssue {
  readonly path: string;
  readonly key: IssueKey | undefined;
  readonly message: string;
}

/** Complaints of the manifest's schema, by their words there; a test holds the two together. */
export const issueKeys = {
  "needs `file`, the file that has this column": "columnNeedsFile",
  "an amount needs `file`, the file to cut it from": "amountNeedsFile",
  "name at least one file: `file`, or one per split (`train`, `test`, …)": "needsFile",
  "calibration and tuning are cut from it": "cutNeedsTrain",
  "give either `file` or one file per split, not both": "eitherFile",
  "the column already gives the test split; it is never cut again": "testGiven",
  "one file needs `column` (the split of each row) or `seed` (to cut splits)": "needsColumnOrSeed",
  "words need the file that lists them": "wordsNeedFile",
  "words need a length to cut or pad to": "wordsNeedLength",
  "words come from one column": "wordsOneColumn",
  "index needs a vocabulary file or a list of classes": "indexNeedsList",
  "one-hot needs classes, a vocabulary or a length": "oneHotNeedsLength",
  "a layout needs a shape of three numbers": "layoutNeedsShape",
  "does not apply to encoded text": "notForText",
  "hash needs a length, the number of sums": "hashNeedsLength",
  "applies to images, not to text": "onlyForImages",
  "of text can only be drop": "textCanOnlyDrop",
  "give either `height` and `width`, or `shorter`": "resizeNeedsSize",
  "must not be zero": "notZero",
  "a fraction below 1 or a whole number of items": "amount",
  "a plain file name without folders": "fileName",
} as const;
export type IssueKey = (typeof issueKeys)[keyof typeof issueKeys] | "required" | "invalid" | "noFile";

const isKnown = (message: string): message is keyof typeof issueKeys => Object.hasOwn(issueKeys, message);
const isEmpty = (value: Json | undefined) => value === undefined || value === "" || value === null;

/** Everything that is wrong with a draft, by the field where it is shown. `files` are the names that were dropped. */
export function issuesOf(draft: Draft, files: readonly string[]): FieldIssue[] {
  const parsed = manifestSchema.safeParse(draft);
  const own = parsed.success ? [] : parsed.error.issues;
  const issues = own.map((issue): FieldIssue => {
    const keys = issue.path.filter((key) => typeof key !== "symbol");
    const path = keys.join(".");
    const inner = issue.code === "invalid_union" ? issue.errors.flat() : [];
    const message = [issue.message, ...inner.map((each) => each.message)].find(isKnown);
    if (message !== undefined) return { path, key: issueKeys[message], message };
    const key = isEmpty(valueAt(draft, keys)) && issue.code !== "unrecognized_keys" ? "required" : undefined;
    return {
      path,
      key: key ?? (issue.code === "unrecognized_keys" ? undefined : "invalid"),
      message: issue.message,
    };
  });
  return [...issues, ...missingFiles(draft, files)];
}

/** Files that the draft names and nobody dropped. */
function missingFiles(draft: Draft, files: readonly string[]): FieldIssue[] {
  const known = new Set(files);
  const found: FieldIssue[] = [];
  const look = (value: Json | undefined, path: string) => {
    if (typeof value === "string" && value !== "" && !known.has(memberOf(value).file)) {
      found.push({ path, key: "noFile", message: value });
    }
  };
  const splits = isObject(draft.splits) ? draft.splits : {};
  for (const [name, source] of Object.entries(splits)) {
    if (name === "column" || name === "seed") continue;
    if (isObject(source))
      for (const [part, file] of Object.entries(source)) look(file, `splits.${name}.${part}`);
    else look(source, `splits.${name}`);
  }
  const inputs = Array.isArray(draft.inputs) ? draft.inputs : [];
  inputs.forEach((input, index) => {
    if (isObject(input)) look(input.vocabulary, `inputs.${index}.vocabulary`);
  });
  return found;
}
