import { describe, expect, it } from "vitest";
import type { ColumnUse } from "./collector.ts";
import { readJpeg } from "./jpeg.ts";
import { readJsonLines } from "./jsonl.ts";
import { readNpy } from "./npy.ts";
import { readParquet } from "./parquet.ts";
import { readPng } from "./png.ts";
import { recognise } from "./recognise.ts";
import * as golden from "./testing/golden.ts";
import { bytesOf } from "./testing/golden-bytes.ts";
import { wavOf } from "./testing/wav.ts";
import { utf8Of } from "./text.ts";
import { readWav } from "./wav.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const want = (uses: Record<string, ColumnUse>) => () => new Map(Object.entries(uses));

describe("utf8Of", () => {
  const utf16 = (text: string, isLittle: boolean) => {
    const bytes = new Uint8Array(2 * text.length);
    const view = new DataView(bytes.buffer);
    for (let index = 0; index < text.length; index++)
      view.setUint16(2 * index, text.charCodeAt(index), isLittle);
    return bytes;
  };

  it("drops a byte-order mark and keeps every script", () => {
    expect(new TextDecoder().decode(utf8Of(encode("\uFEFFä,你好\n"), "t"))).toBe("ä,你好\n");
    // Characters of three bytes across the border of two pieces.
    const long = encode("你".repeat(700_000));
    expect(utf8Of(long, "t")).toBe(long);
  });

  it("names the encoding that a file is in instead", () => {
    expect(() => utf8Of(utf16("\uFEFFx,y\n1,2\n", true), "t.csv")).toThrow("UTF-16, little-endian");
    expect(() => utf8Of(utf16("\uFEFFx,y\n1,2\n", false), "t.csv")).toThrow("UTF-16, big-endian");
    expect(() => utf8Of(utf16("x,y\n1,2\n", true), "t.csv")).toThrow("without a byte-order mark");
    expect(() => utf8Of(utf16("x,y\n1,2\n", false), "t.csv")).toThrow("UTF-16, big-endian, without");
    expect(() => utf8Of(Uint8Array.of(0xff, 0xfe, 0, 0, 65, 0, 0, 0), "t.csv")).toThrow("UTF-32");
  });

  it("names the line of the first byte that is no UTF-8", () => {
    const latin = Uint8Array.of(...encode("a,b\n1,2\n"), 0x63, 0x61, 0x66, 0xe9, 0x0a);
    expect(() => utf8Of(latin, "t.csv")).toThrow(/Windows-1252.*line 3\)/);
  });
});

describe("recognise", () => {
  const start = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

  it("goes by content", () => {
    expect(recognise(encode('\uFEFF\n { "x": 1}\n'), "a.csv")).toBe("json-lines");
    expect(recognise(encode("{a},b\n"), "a.jsonl")).toBe("table");
    expect(recognise(bytesOf(golden.parquet.none), "a")).toBe("parquet");
    expect(recognise(bytesOf(golden.npz), "a")).toBe("zip");
    expect(recognise(bytesOf(golden.npy.F), "a")).toBe("npy");
    expect(recognise(wavOf([0]), "a")).toBe("wav");
  });

  it.each([
    ["version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git lfs pull"],
    ["\x80\x04\x95\x10\0\0\0\0\0\0\0.", "allow_pickle=False"],
    ["\x89HDF\r\n\x1a\n", "HDF5"],
    ["ARROW1\0\0", "Parquet"],
    ["BZh91AY", "gzip"],
    ["\x89PNG\r\n\x1a\n", "folders name the classes"],
  ])("says what to do with %j", (text, help) => {
    expect(() => recognise(start(text), "data.bin")).toThrow(help);
  });
});

describe("readJsonLines", () => {
  const read = (text: string, uses: Record<string, ColumnUse>) =>
    readJsonLines(encode(text), "t.jsonl", want(uses));

  it("reads numbers, texts, truth, lists and what a line leaves out", () => {
    const table = read(
      '{"x":1,"t":"a","v":[[1,2],[3,4]],"ok":true}\r\n\n{"v":[[5,6],[7,8]],"t":null,"x":null,"ok":false}\n',
      { x: "nullable", t: "text", v: "number", ok: "number" },
    );
    expect(table.names).toEqual(["x", "t", "v", "ok"]);
    expect(table.columns.get("x")?.values).toEqual(Float64Array.of(1, Number.NaN));
    expect(table.columns.get("t")?.values).toEqual(["a", ""]);
    expect(table.columns.get("ok")?.values).toEqual(Float64Array.of(1, 0));
    expect(table.columns.get("v")).toEqual({
      kind: "array",
      itemShape: [2, 2],
      values: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    });
  });

  it("cuts and fills lists of different lengths", () => {
    const table = read('{"ids":[1,2,3]}\n{"ids":[4]}\n{"ids":[]}\n', { ids: { length: 2, pad: 9 } });
    expect(table.columns.get("ids")?.values).toEqual(Float64Array.of(1, 2, 4, 9, 9, 9));
    expect(() => read('{"ids":[1,2]}\n{"ids":[4]}\n', { ids: "number" })).toThrow(
      /lists of \[2\] and of \[1\].*`length`.*line 2/,
    );
  });

  it("does not fall for names of what every object has", () => {
    const uses = new Map<string, ColumnUse>([
      ["__proto__", "nullable"],
      ["constructor", "number"],
    ]);
    const text = encode('{"__proto__":1,"constructor":2}\n{"constructor":3}\n');
    const table = readJsonLines(text, "t.jsonl", () => uses);
    expect(table.columns.get("__proto__")?.values).toEqual(Float64Array.of(1, Number.NaN));
    expect(table.columns.get("constructor")?.values).toEqual(Float64Array.of(2, 3));
  });

  it.each([
    ['{"x":1}\n{"x":}\n', /not JSON.*line 2/],
    ['{"x":1}\n[1]\n', /not a JSON object.*line 2/],
    ['{\n"x":1}\n', "one whole object in each line"],
    ['{"x":"a"}\n', '"a" is not a number in column "x"'],
    ['{"x":{"y":1}}\n', '"{…}" is not a number'],
    ['{"x":[1,"2"]}\n', "no number"],
    ['{"x":1}\n{"x":null}\n', /empty cell.*`missing`.*line 2/i],
    ["{}\n", "no values"],
  ])("refuses %j", (text, message) => {
    expect(() => read(text, { x: "number" })).toThrow(message);
  });
});

describe("readNpy", () => {
  const types = Object.keys(golden.npy).filter((name) => /^[<>|F]/.test(name));

  it.each(types)("reads what NumPy writes as %s", (type) => {
    const { column, rows } = readNpy(bytesOf(golden.npy[type as "F"]), "a.npy");
    expect([rows, ...column.itemShape]).toEqual([2, 3, 2]);
    const count = Array.from({ length: 12 }, (_, index) => (type === "|b1" ? Math.min(index, 1) : index));
    expect(Array.from(column.values)).toEqual(count);
  });

  it("covers every type that the reader knows, in both byte orders", () => {
    expect(types).toHaveLength(22);
  });

  it.each([
    ["objects", "allow_pickle=False"],
    ["text", "holds text"],
    ["complex", "real and imaginary"],
    ["structure", "each field as an array"],
    ["scalar", "single number"],
  ] as const)("refuses an array of %s", (name, message) => {
    expect(() => readNpy(bytesOf(golden.npy[name]), "a.npy")).toThrow(message);
  });

  it("believes no header", () => {
    const file = bytesOf(golden.npy["<f4"]);
    const edited = (from: string, to: string) => {
      const text = Array.from(file, (byte) => String.fromCharCode(byte)).join("");
      return Uint8Array.from(text.replace(from, to.padEnd(from.length)), (c) => c.charCodeAt(0));
    };
    expect(() => readNpy(edited("(2, 3, 2)", "(9, 3, 2)"), "a")).toThrow("promises (9, 3, 2)");
    expect(() => readNpy(edited("(2, 3, 2), }", "(99999999,) }"), "a")).toThrow("promises");
    expect(() => readNpy(edited("(2, 3, 2)", "(0, 3, 2)"), "a")).toThrow(/promises|no items/);
    expect(() => readNpy(edited("'<f4'", "'<f3'"), "a")).toThrow("not read");
    expect(() => readNpy(edited("'shape'", "'shade'"), "a")).toThrow("type, order and shape");
    expect(() => readNpy(file.subarray(0, 40), "a")).toThrow("inside its NPY header");
    const large = bytesOf(golden.npy[">u8"]);
    large.fill(0xff, large.length - 8);
    expect(() => readNpy(large, "a")).toThrow("18446744073709551615");
  });
});

describe("readParquet", () => {
  it.each(Object.entries(golden.parquet))("reads what pyarrow packs with %s", async (_name, text) => {
    const uses: Record<string, ColumnUse> = {
      x: "nullable",
      n: "number",
      label: "text",
      ok: "number",
      v: "number",
      day: "text",
    };
    const table = await readParquet(bytesOf(text), "t.parquet", want(uses));
    const values = (name: string) => table.columns.get(name)?.values;
    expect(table.rows).toBe(6);
    expect(values("x")).toEqual(Float64Array.of(1.5, -2.25, Number.NaN, 4, 1e-3, 6));
    expect(values("n")).toEqual(Float64Array.of(1, 2, 3, 4, 5, 2 ** 40));
    expect(values("label")).toEqual(["cat", "dog", "cat", "dog", "cat", "dog"]);
    expect(values("ok")).toEqual(Float64Array.of(1, 0, 1, 1, 0, 1));
    expect(table.columns.get("v")).toMatchObject({ kind: "array", itemShape: [2] });
    expect(values("v")).toEqual(Float64Array.from({ length: 12 }, (_, index) => index + 1));
    expect(values("day")?.[1]).toBe("1970-01-02T00:00:00.000Z");
  });

  it("names the row of a gap, and reads nothing that is not wanted", async () => {
    const bytes = bytesOf(golden.parquet.zstd);
    await expect(readParquet(bytes, "t.parquet", want({ x: "number" }))).rejects.toThrow("row 3");
    const table = await readParquet(bytes, "t.parquet", want({ n: "number" }));
    expect([...table.columns.keys()]).toEqual(["n"]);
  });
});

describe("pictures", () => {
  const colours = Array.from({ length: 48 }, (_, index) => {
    const [y, x] = [Math.floor(index / 8), index % 8];
    return [30 * x, 40 * y, 15 * (x + y)];
  }).flat();
  const greys = Array.from({ length: 48 }, (_, index) => 20 * (index % 8) + Math.floor(index / 8));

  it.each(["rgb", "opaque", "palette"] as const)("are decoded from PNG, %s", (name) => {
    const picture = readPng(bytesOf(golden.png[name]), "p.png");
    expect(picture).toMatchObject({ height: 6, width: 8, channels: 3 });
    expect(Array.from(picture.pixels)).toEqual(colours);
  });

  it("are decoded from grey PNG of 1, 8 and 16 bits", () => {
    expect(Array.from(readPng(bytesOf(golden.png.grey), "p").pixels)).toEqual(greys);
    expect(Array.from(readPng(bytesOf(golden.png.grey16), "p").pixels)).toEqual(greys);
    const board = Array.from({ length: 48 }, (_, index) => ((Math.floor(index / 8) + index) % 2) * 255);
    expect(Array.from(readPng(bytesOf(golden.png.bit), "p").pixels)).toEqual(board);
  });

  it("are refused where they are transparent", () => {
    expect(() => readPng(bytesOf(golden.png.transparent), "p.png")).toThrow("transparent pixels");
  });

  // ITU-T T.83 lets decoders differ by a step in each coefficient; colour at half resolution may be spread in several ways.
  it.each([
    ["baseline", 3],
    ["progressive", 3],
    ["grey", 1],
    ["subsampled", 9],
  ] as const)("are decoded from JPEG, %s, as Pillow does within %i steps of 255", (name, steps) => {
    const { pixels, height, width } = readJpeg(bytesOf(golden.jpeg[name]), "p.jpg");
    const other = bytesOf(golden.jpeg[`${name}Pixels`]);
    expect([height, width, pixels.length]).toEqual([20, 24, other.length]);
    const distance = pixels.reduce((most, value, at) => Math.max(most, Math.abs(value - other[at]!)), 0);
    expect(distance).toBeLessThanOrEqual(steps);
  });

  it("are refused in colours for print", () => {
    expect(() => readJpeg(bytesOf(golden.jpeg.cmyk), "p.jpg")).toThrow("4 colour components");
  });
});

describe("readWav", () => {
  const samples = [0, 0.5, -1, 0.25, -0.125, 0.75];

  it.each([
    { bits: 8 },
    { bits: 16 },
    { bits: 24 },
    { bits: 32 },
    { bits: 32, isFloat: true },
    { bits: 64, isFloat: true },
    { bits: 24, isExtensible: true },
    { bits: 32, isFloat: true, isExtensible: true, channels: 2, rate: 44_100 },
  ])("reads %o", (options) => {
    const wav = readWav(wavOf(samples, options), "a.wav");
    expect(Array.from(wav.samples)).toEqual(samples);
    expect(wav.channels).toBe(options.channels ?? 1);
    expect(wav.rate).toBe(options.rate ?? 16_000);
    expect(wav.frames).toBe(samples.length / (options.channels ?? 1));
  });

  it("believes no header", () => {
    const edited = (at: number, value: number) => {
      const file = wavOf(samples);
      new DataView(file.buffer).setUint32(at, value, true);
      return file;
    };
    expect(() => readWav(edited(40, 4_000_000_000), "a.wav")).toThrow("promises 4000000000 bytes; 12 follow");
    expect(() => readWav(edited(40, 11), "a.wav")).toThrow("whole number of frames");
    expect(() => readWav(edited(16, 4_000_000_000), "a.wav")).toThrow("promises");
    expect(() => readWav(edited(20, 0x10055), "a.wav")).toThrow("format 85");
    expect(() => readWav(edited(24, 0), "a.wav")).toThrow("0 Hz");
    expect(() => readWav(wavOf(samples).subarray(0, 36), "a.wav")).toThrow("no sound");
    expect(() => readWav(wavOf([Number.NaN], { bits: 32, isFloat: true }), "a.wav")).toThrow("finite");
  });
});
