import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allotRanks, type Candidate } from "./budget.ts";
import { chooseRank, numericalRank, rankWithin, tails } from "./ranks.ts";

const spectra = fc
  .array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: 2, maxLength: 8 })
  .map((values) => Float64Array.from(values.sort((a, b) => b - a)));

const layer = (energies: Float64Array): Candidate => {
  const side = 2 * energies.length;
  return { energies, count: side * side, perRank: 2 * side, mostRank: energies.length - 1 };
};

const lossOf = ({ energies }: Candidate, rank: number | undefined) =>
  rank === undefined ? 0 : (tails(energies)[rank] ?? 0) / (tails(energies)[0] ?? 1);
const savedOf = ({ count, perRank }: Candidate, rank: number | undefined) =>
  rank === undefined ? 0 : count - rank * perRank;

describe("the rank of a layer", () => {
  it("is the smallest that keeps the share of the energy", () => {
    const energies = Float64Array.of(8, 4, 2, 1, 1);
    expect([0.5, 0.51, 0.75, 0.76, 1].map((share) => chooseRank(energies, 0, { energy: share }))).toEqual([
      1, 2, 2, 3, 5,
    ]);
    fc.assert(
      fc.property(spectra, fc.double({ min: 0, max: 0.99, noNaN: true }), (values, share) => {
        const rank = rankWithin(values, share);
        const rest = tails(values);
        expect(rest[rank] ?? 0).toBeLessThanOrEqual(share * (rest[0] ?? 0));
        if (rank > 1) expect(rest[rank - 1] ?? 0).toBeGreaterThan(share * (rest[0] ?? 0));
      }),
    );
  });

  it("never counts noise: of the Gram matrix, or of the rounding of the weights", () => {
    expect(numericalRank(Float64Array.of(1, 1e-3, 1e-17, 0), 2 ** -24)).toBe(2);
    expect(numericalRank(Float64Array.of(1, 1e-3, 1e-8), 2 ** -24)).toBe(3);
    expect(numericalRank(Float64Array.of(1, 1e-3, 1e-8), 2 ** -11)).toBe(2);
    expect(chooseRank(Float64Array.of(1, 1e-3, 1e-17, 0), 2 ** -24, { rank: 4 })).toBe(2);
    expect(numericalRank(new Float64Array(3), 2 ** -24)).toBe(1);
  });
});

describe("a budget over layers", () => {
  it("no other choice of ranks that saves as much loses less", () => {
    fc.assert(
      fc.property(
        fc.tuple(spectra, spectra),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        (pair, share) => {
          const layers = pair.map(layer);
          const most = layers.reduce((sum, entry) => sum + savedOf(entry, 1), 0);
          const found = allotRanks(layers, share * most);
          if (!("ranks" in found)) throw new Error("it can be saved");
          const [a, b] = layers as [Candidate, Candidate];
          const saved = savedOf(a, found.ranks[0]) + savedOf(b, found.ranks[1]);
          const loss = lossOf(a, found.ranks[0]) + lossOf(b, found.ranks[1]);
          expect(saved).toBeGreaterThanOrEqual(share * most);
          const choices = (entry: Candidate) => [
            undefined,
            ...Array.from({ length: entry.mostRank }, (_, at) => at + 1),
          ];
          for (const i of choices(a)) {
            for (const j of choices(b)) {
              if (savedOf(a, i) + savedOf(b, j) < saved) continue;
              expect(lossOf(a, i) + lossOf(b, j)).toBeGreaterThan(loss - 1e-9);
            }
          }
        },
      ),
    );
  });

  it("beyond what can be saved says how much that is", () => {
    const entry = layer(Float64Array.of(3, 2, 1));
    expect(allotRanks([entry], 100)).toEqual({ most: savedOf(entry, 1) });
    expect(allotRanks([layer(new Float64Array(3))], 1)).toEqual({ most: 0 });
  });
});
