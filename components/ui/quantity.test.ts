import { expect, it } from "vitest";
import { formatQuantity } from "./quantity.ts";

it.each([
  [0.9821, "fraction", "98.21%"],
  [1_070_000, "B", "1.07 MB"],
  [266_610, "count", "266,610"],
  [0.036, "ms", "36 µs"],
  [12.5, "ms", "12.5 ms"],
  [90, "s", "2 min"],
  [1.139e-6, "kWh", "4.1 J"],
  [0.0016, "kWh", "1.6 Wh"],
  [0.6, "gCO2e", "600 mg CO₂e"],
  [0.0123, "EUR", "€0.0123"],
  [31.2, "dB", "31.2 dB"],
  [0.99987, "1", "0.9999"],
])("%d %s reads %s", (value, unit, text) => {
  expect(formatQuantity(value, unit, "en").replace(/[\u202f\u00a0]/g, " ")).toBe(text);
});
