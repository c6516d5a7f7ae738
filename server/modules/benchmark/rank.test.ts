import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Entry, type Rule, rank } from "./rank.ts";

const rule: Rule = { higherIsBetter: true, key: "k", tier: "metered" };
const at = (minute: number) => new Date(2026, 0, 1, 0, minute);

function entry(
  id: string,
  value: number | undefined,
  extra: { half?: number; tier?: string; key?: string; minute?: number } = {},
): Entry {
  const half = extra.half ?? 0;
  const measured =
    value === undefined
      ? undefined
      : {
          value,
          low: value - half,
          high: value + half,
          tier: extra.tier ?? "metered",
          key: extra.key ?? "k",
        };
  return { id, submittedAt: at(extra.minute ?? 0), measured };
}

const places = (entries: Entry[], by: Rule = rule) =>
  rank(entries, by).map((r) => `${r.id} ${r.rank}${r.tied ? "=" : ""}`);

describe("rank", () => {
  it("counts all that stand before, and marks ties", () => {
    const entries = [
      entry("d", 0.7),
      entry("b", 0.9, { minute: 1 }),
      entry("a", 0.95),
      entry("c", 0.9, { minute: 2 }),
    ];
    expect(places(entries)).toEqual(["a 1", "b 2=", "c 2=", "d 4"]);
  });

  it("ties entries whose intervals overlap the best of the group, and no further", () => {
    const entries = [
      entry("a", 0.9, { half: 0.02 }),
      entry("b", 0.88, { half: 0.02 }),
      entry("c", 0.85, { half: 0.02 }),
    ];
    // c overlaps b but not a: b stays with a, c begins a group of its own.
    expect(places(entries)).toEqual(["a 1=", "b 1=", "c 3"]);
  });

  it("puts smaller first where lower is better", () => {
    expect(places([entry("a", 3), entry("b", 1)], { ...rule, higherIsBetter: false })).toEqual([
      "b 1",
      "a 2",
    ]);
  });

  it("never ranks missing values, other tiers or other conditions, and shows them last", () => {
    const entries = [
      entry("missing", undefined),
      entry("nan", Number.NaN, { minute: 1 }),
      entry("model", 0.99, { tier: "modelled", minute: 2 }),
      entry("elsewhere", 0.99, { key: "other", minute: 3 }),
      entry("a", 0.5, { minute: 4 }),
    ];
    expect(places(entries)).toEqual([
      "a 1",
      "missing missing",
      "nan missing",
      "model otherTier",
      "elsewhere otherConditions",
    ]);
  });

  it("keeps a later tie behind an earlier entry", () => {
    expect(places([entry("later", 0.9, { minute: 9 }), entry("earlier", 0.9, { minute: 1 })])).toEqual([
      "earlier 1=",
      "later 1=",
    ]);
  });

  it("has every entry once and never lets a clearly worse one stand ahead", () => {
    const arbitrary = fc.array(
      fc.record({
        value: fc.double({ min: 0, max: 1, noNaN: true }),
        half: fc.double({ min: 0, max: 0.2, noNaN: true }),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(arbitrary, (values) => {
        const entries = values.map(({ value, half }, i) => entry(`e${i}`, value, { half, minute: i }));
        const ranked = rank(entries, rule);
        expect(ranked.map((r) => r.id).sort()).toEqual(entries.map((e) => e.id).sort());
        const of = new Map(entries.map((e) => [e.id, e.measured!]));
        for (const better of ranked) {
          for (const worse of ranked) {
            if (
              typeof better.rank === "number" &&
              typeof worse.rank === "number" &&
              better.rank < worse.rank
            ) {
              expect(of.get(better.id)!.value).toBeGreaterThanOrEqual(of.get(worse.id)!.value);
            }
          }
        }
      }),
    );
  });
});
