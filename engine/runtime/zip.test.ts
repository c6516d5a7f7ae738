import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EngineError } from "#engine/error.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { zipOf } from "#engine/testing/zip.ts";
import { openZip } from "./zip.ts";

/** The files of an archive with what is in them. */
async function unpacked(bytes: Uint8Array): Promise<Record<string, string>> {
  const archive = await openZip(bytes, "a.zip");
  return Object.fromEntries(archive.map(({ path, read }) => [path, Buffer.from(read()).toString("latin1")]));
}

async function problemOf(bytes: Uint8Array): Promise<string> {
  try {
    await unpacked(bytes);
  } catch (error) {
    if (error instanceof EngineError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "none";
}

describe("openZip", () => {
  it("gives stored and deflated files, and no folders", async () => {
    const archive = zipOf([
      { path: "a/", content: "" },
      { path: "a/1.txt", content: "one" },
      { path: "你好.txt", content: "two".repeat(1000), deflated: true },
      { path: "empty", content: "", deflated: true },
    ]);
    expect(await unpacked(archive)).toEqual({
      "a/1.txt": "one",
      "你好.txt": Buffer.from("two".repeat(1000)).toString("latin1"),
      empty: "",
    });
  });

  it.each([
    ["a way up", { path: "../../etc/passwd", content: "x" }, "malformed: .*invalid relative path"],
    ["a way up in the middle", { path: "a/../../b", content: "x" }, "malformed: .*invalid relative path"],
    ["a backslash", { path: "..\\b", content: "x" }, "malformed: .*invalid characters"],
    ["an absolute path", { path: "/etc/passwd", content: "x" }, "malformed: .*absolute path"],
    ["a drive", { path: "C:/x", content: "x" }, "malformed: .*absolute path"],
    ["a name of control characters", { path: "a\u0007b", content: "x" }, "malformed: .*control characters"],
    ["a name without end", { path: "a".repeat(501), content: "x" }, "limit-exceeded: .*501 characters"],
    [
      "a symbolic link",
      { path: "l", content: "/etc/passwd", mode: 0o120_777 },
      "unsupported: Symbolic links",
    ],
    ["a device", { path: "d", content: "", mode: 0o020_666 }, "unsupported: .*device"],
    [
      "an encrypted file",
      { path: "e", content: "secret", deflated: true, flags: 1 },
      "unsupported: .*encrypted",
    ],
    ["a strange method", { path: "m", content: "x", method: 14 }, "unsupported: .*method 14"],
    ["another checksum", { path: "c", content: "x", crc: 1 }, "malformed: .*checksum"],
    [
      "a size too small",
      { path: "s", content: "x".repeat(50), deflated: true, size: 5 },
      "malformed: .*more than",
    ],
    ["a size too large", { path: "s", content: "xyz", deflated: true, size: 500 }, "truncated: .*3 bytes"],
    ["a stored size that lies", { path: "s", content: "xyz", size: 500 }, "malformed"],
    ["packed bytes beyond the end", { path: "s", content: "xyz", packedSize: 4000, size: 4000 }, "malformed"],
    ["no deflate", { path: "s", content: "xyz", method: 8 }, "malformed|truncated"],
  ])("refuses %s", async (_name, part, expected) => {
    expect(await problemOf(zipOf([part]))).toMatch(new RegExp(expected));
  });

  it("refuses a bomb by what it promises, before anything is unpacked", async () => {
    const zeros = new Uint8Array(8 << 20);
    expect(await problemOf(zipOf([{ path: "z", content: zeros, deflated: true }]))).toMatch(
      /limit-exceeded: .*more than 250 times/,
    );
    const many = Array.from({ length: 9 }, (_, index) => ({
      path: `f${index}`,
      content: "x",
      deflated: true,
      packedSize: 3,
      size: 1 << 28,
    }));
    expect(await problemOf(zipOf(many))).toMatch(/limit-exceeded/);
  });

  it("refuses entries that share bytes, and two of one name", async () => {
    const content = "shared ".repeat(20);
    const twice = zipOf([
      { path: "a", content, deflated: true },
      { path: "b", content, deflated: true, offset: 0 },
    ]);
    expect(await problemOf(twice)).toMatch(/malformed: It shares bytes with "a"/);
    expect(
      await problemOf(
        zipOf([
          { path: "a", content },
          { path: "a", content },
        ]),
      ),
    ).toContain("two files");
  });

  it("refuses an archive whose end is missing", async () => {
    const archive = zipOf([{ path: "a", content: "x" }]);
    expect(await problemOf(archive.subarray(0, archive.length - 5))).toContain("truncated");
    expect(await problemOf(new Uint8Array(100))).toContain("truncated");
  });
});

const hostile = sharedData("data/hostile");

describe.skipIf(!hostile)("archives that others made", () => {
  const names = (folder: string) =>
    readdirSync(join(hostile!, folder)).filter((name) => name.endsWith(".zip"));
  const bytesOf = (folder: string, name: string) => readFileSync(join(hostile!, folder, name));

  it.each(hostile ? names("zip-broken") : [])("broken: %s", async (name) => {
    expect(await problemOf(bytesOf("zip-broken", name))).toMatch(/^(malformed|truncated|limit-exceeded): /);
  });

  // The last has a backslash in a name, which is a separator on one system and a letter on others.
  const refused = /encryption|bogus|sloppy/;
  it.each(hostile ? names("zip-valid").filter((name) => !refused.test(name)) : [])(
    "valid: %s",
    async (name) => {
      expect(await problemOf(bytesOf("zip-valid", name))).toBe("none");
    },
  );

  it.each(hostile ? names("zip-valid").filter((name) => refused.test(name)) : [])(
    "valid, but not for us: %s",
    async (name) => {
      expect(await problemOf(bytesOf("zip-valid", name))).toMatch(
        /^unsupported: .*(encrypted|method)|^malformed: .*invalid characters/,
      );
    },
  );
});
