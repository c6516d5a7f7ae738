import { expect, it } from "vitest";
import { localeOf } from "./locale.ts";
import { slugOf } from "./slug.ts";

it("finds the language in a cookie or a header", () => {
  expect(localeOf("zh")).toBe("zh");
  expect(localeOf("zh-CN,zh;q=0.9,en;q=0.8")).toBe("zh");
  expect(localeOf("de-DE, en;q=0.5")).toBe("en");
  expect(localeOf("fr")).toBe("en");
  expect(localeOf(undefined)).toBe("en");
});

it("makes addresses of names, and falls back where a name has no Latin letter", () => {
  expect(slugOf("  Réseau de Neurones, v2! ", "x")).toBe("reseau-de-neurones-v2");
  expect(slugOf("边缘端数字识别", "project")).toBe("project");
  expect(slugOf("a".repeat(80), "x")).toHaveLength(50);
});
