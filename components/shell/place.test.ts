import { expect, it } from "vitest";
import { parsePlace, placeValue } from "./place.ts";

it.each([
  { org: "northlake", project: "digits-2" },
  { org: "northlake", project: undefined },
])("%o survives its cookie", (place) => expect(parsePlace(placeValue(place))).toEqual(place));

it.each([undefined, "", "../x", "A B", "a/b"])("%s is no place", (value) =>
  expect(parsePlace(value)).toBeUndefined(),
);
