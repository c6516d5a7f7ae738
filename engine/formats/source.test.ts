import { expect, it } from "vitest";
import { EngineError } from "#engine/error.ts";
import { filesOf, Missing } from "./source.ts";

it("one error names every operator that is missing, how often and where first", () => {
  const missing = new Missing();
  missing.check();
  missing.add("Erf", 'node "a"');
  missing.add("Erf", 'node "b"');
  missing.add("Rank", 'node "c"');
  expect(() => missing.check()).toThrow(
    'It uses what cannot be converted: Erf (2 times, first node "a"), Rank (node "c")',
  );
});

it("a file that is not there is said by its name", () => {
  const files = filesOf({ "model.json": Uint8Array.of(1) });
  expect(files.read("model.json")).toEqual(Uint8Array.of(1));
  for (const name of ["weights.bin", "constructor"]) expect(() => files.read(name)).toThrow(EngineError);
});
