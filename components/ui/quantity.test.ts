import fc from "fast-check";
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
  [0.99987, "1", "0.99987"],
  [0.9999913, "1", "0.9999913"],
  [0.98765, "1", "0.9877"],
  [1, "1", "1"],
  [12.3456, "1", "12.35"],
  [0.004213, "1", "0.004213"],
])("%d %s reads %s", (value, unit, text) => {
  expect(formatQuantity(value, unit, "en").replace(/[\u202f\u00a0]/g, " ")).toBe(text);
});

it("never shows a cosine that falls short of 1 by a billionth or more as 1", () => {
  const shortfall = fc.double({ noNaN: true, min: 1e-9, max: 0.1 });
  fc.assert(
    fc.property(shortfall, (missing) => {
      const text = formatQuantity(1 - missing, "1", "en");
      expect(text).not.toBe("1");
      expect(Math.abs(1 - missing - Number(text))).toBeLessThanOrEqual(0.05 * missing + 1e-9);
    }),
  );
});
