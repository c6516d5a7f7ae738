import { describe, expect, it } from "vitest";
import { attachment, rangeOf } from "./serve-file.ts";

describe("a range", () => {
  it.each([
    ["bytes=0-0", 10, { start: 0, end: 0 }],
    ["bytes=2-", 10, { start: 2, end: 9 }],
    ["bytes=-3", 10, { start: 7, end: 9 }],
    ["bytes=-30", 10, { start: 0, end: 9 }],
    ["bytes=5-100", 10, { start: 5, end: 9 }],
    ["bytes=10-", 10, "unsatisfiable"],
    ["bytes=-0", 10, "unsatisfiable"],
    ["bytes=0-", 0, "unsatisfiable"],
    ["bytes=-5", 0, "unsatisfiable"],
    ["bytes=5-4", 10, undefined],
    ["bytes=-", 10, undefined],
    ["bytes=0-1,3-4", 10, undefined],
    ["lines=1-2", 10, undefined],
    ["bytes=99999999999999999999-", 10, undefined],
    [null, 10, undefined],
  ])("%s of %i bytes", (header, bytes, expected) => {
    expect(rangeOf(header, bytes)).toEqual(expected);
  });
});

describe("the name of a download", () => {
  it.each([
    ["net.onnx", `attachment; filename="net.onnx"; filename*=UTF-8''net.onnx`],
    ['a"b\\c%.onnx', `attachment; filename="a_b_c_.onnx"; filename*=UTF-8''a%22b%5Cc%25.onnx`],
    ["模型.onnx", `attachment; filename="__.onnx"; filename*=UTF-8''%E6%A8%A1%E5%9E%8B.onnx`],
    ["it's (1)*.onnx", `attachment; filename="it's (1)*.onnx"; filename*=UTF-8''it%27s%20%281%29%2A.onnx`],
    [
      "a\r\nset-cookie: x",
      `attachment; filename="a__set-cookie: x"; filename*=UTF-8''a%0D%0Aset-cookie%3A%20x`,
    ],
    ["\ud800", `attachment; filename="_"; filename*=UTF-8''%EF%BF%BD`],
  ])("%j", (name, expected) => {
    const header = attachment(name);
    expect(header).toBe(expected);
    // It must be a header that can be sent.
    expect(new Headers({ "content-disposition": header }).get("content-disposition")).toBe(expected);
  });
});
