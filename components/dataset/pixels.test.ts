import { expect, it } from "vitest";
import { rgbaOf } from "./pixels.ts";

const base64 = (...bytes: number[]) => btoa(String.fromCharCode(...bytes));
const image = { width: 2, height: 1, split: "test" } as const;

it("spreads grey over the channels", () =>
  expect([...rgbaOf({ ...image, channels: 1, pixels: base64(7, 200) })]).toEqual([
    7, 7, 7, 255, 200, 200, 200, 255,
  ]));

it("takes RGB in order", () =>
  expect([...rgbaOf({ ...image, channels: 3, pixels: base64(1, 2, 3, 4, 5, 6) })]).toEqual([
    1, 2, 3, 255, 4, 5, 6, 255,
  ]));

it("draws black where bytes are missing", () =>
  expect([...rgbaOf({ ...image, channels: 1, pixels: base64(9) })]).toEqual([9, 9, 9, 255, 0, 0, 0, 255]));
