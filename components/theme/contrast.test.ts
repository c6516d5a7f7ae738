import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { seriesDark, seriesLight } from "./series.ts";
import { cssVariables, theme } from "./theme.ts";

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const css = readFileSync(join(import.meta.dirname, "../../app/global.css"), "utf8");
const blocks = { light: css.split("}")[0] ?? "", dark: css.split('"dark"]')[1]?.split("}")[0] ?? "" };

/** Value of an own token in a scheme. */
function token(scheme: "light" | "dark", name: string): string {
  const value = new RegExp(`--app-${name}: (#[0-9a-f]{6})`).exec(blocks[scheme])?.[1];
  if (!value) throw new Error(`--app-${name} is not set for ${scheme}`);
  return value;
}

describe.each(["light", "dark"] as const)("%s", (scheme) => {
  const own = cssVariables({} as never)[scheme];
  const text = own["--mantine-color-text"] ?? "";
  const dimmed = own["--mantine-color-dimmed"] ?? "";
  const surfaces = ["surface", "surface-sunken", "accent-soft", "warning-soft", "worse-soft"];

  it("text passes AA on every surface", () => {
    for (const name of surfaces) expect(contrast(text, token(scheme, name)), name).toBeGreaterThan(7);
    for (const name of surfaces) expect(contrast(dimmed, token(scheme, name)), name).toBeGreaterThan(4.5);
  });

  it("coloured words pass AA", () => {
    for (const name of ["accent-text", "better", "worse", "warning"]) {
      for (const surface of ["surface", "surface-sunken"]) {
        expect(
          contrast(token(scheme, name), token(scheme, surface)),
          `${name} on ${surface}`,
        ).toBeGreaterThan(4.5);
      }
    }
    expect(contrast(token(scheme, "accent-text"), token(scheme, "accent-soft"))).toBeGreaterThan(4.5);
    expect(contrast(token(scheme, "warning"), token(scheme, "warning-soft"))).toBeGreaterThan(4.5);
    expect(contrast(token(scheme, "worse"), token(scheme, "worse-soft"))).toBeGreaterThan(4.5);
  });

  it("filled buttons pass AA", () => {
    const shade = scheme === "light" ? 7 : 4;
    const accent = theme.colors?.green?.[shade] ?? "";
    expect(contrast(token(scheme, "on-accent"), accent)).toBeGreaterThan(4.5);
    expect(accent).toBe(token(scheme, "accent"));
  });

  it("series stand out from the panel, and the stylesheet has the palette's colours", () => {
    const palette = scheme === "light" ? seriesLight : seriesDark;
    for (const [index, color] of palette.entries()) {
      expect(contrast(color, token(scheme, "surface")), color).toBeGreaterThan(3);
      expect(token(scheme, `series-${index + 1}`)).toBe(color);
    }
  });
});
