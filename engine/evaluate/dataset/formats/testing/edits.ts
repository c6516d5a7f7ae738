import fc from "fast-check";
import type { ZipPart } from "#engine/testing/zip.ts";

const paths = [
  "a/1.png",
  "b.txt",
  "../up",
  "/root",
  "C:/x",
  "a\\b",
  "a/../b",
  "dir/",
  "./c",
  "你好",
  "a//b",
  "",
];
const numbers = [0, 1, 5, 29, 30, 65_535, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
/** Now and then a value that is wrong. */
function seldom<T>(wrong: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 11, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: wrong });
}

const lie = seldom(fc.constantFrom(...numbers));

/** Entries of an archive, each true or lying about any of its fields. */
export const zipEdits: fc.Arbitrary<ZipPart[]> = fc.array(
  fc
    .record({
      path: fc.constantFrom(...paths),
      content: fc.constantFrom("", "hello", "hello ".repeat(30)),
      deflated: fc.boolean(),
      size: lie,
      packedSize: lie,
      crc: lie,
      offset: lie,
      method: seldom(fc.constantFrom(0, 1, 8, 9, 12, 99)),
      flags: seldom(fc.constantFrom(1, 8, 0x40, 0x2000)),
      mode: seldom(fc.constantFrom(0o120_777, 0o020_666, 0)),
    })
    .map((part) => Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)))
    .map((part): ZipPart => ({ path: "", content: "", ...part })),
  { minLength: 1, maxLength: 4 },
);
