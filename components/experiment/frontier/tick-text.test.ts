import { expect, it } from "vitest";
import { tickText } from "./tick-text.ts";

it.each([
  ["fraction", [0.97, 0.975, 0.98], ["97.0%", "97.5%", "98.0%"]],
  ["1", [0.99998, 0.99999, 1], ["0.99998", "0.99999", "1"]],
  ["1", [0.9999975, 0.99999875, 1], ["0.9999975", "0.9999988", "1"]],
  ["1", [0, 0.02, 0.04], ["0", "0.02", "0.04"]],
  ["dB", [20, 30, 40], ["20 dB", "30 dB", "40 dB"]],
])("ticks in %s differ: %j", (unit, ticks, texts) => {
  const found = ticks.map((tick) => tickText(tick, ticks, unit, "en").replace(/[\u202f\u00a0]/g, " "));
  expect(found).toEqual(texts);
});
