import { expect, it } from "vitest";
import { sequentialJson } from "../keras/topology.schema.ts";
import { faultOf } from "./fault.ts";

it("of several forms the closest one tells what is wrong, and where", () => {
  const { error } = sequentialJson.safeParse({ layers: [{ class_name: "Dense" }, null] });
  expect(error && faultOf(error, "model").message).toMatch(
    /^Field layers\.1: .*expected object, received null/,
  );
});
