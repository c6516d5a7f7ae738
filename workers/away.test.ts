import { describe, expect, it } from "vitest";
import { isDatabaseAway } from "./away.ts";

describe("isDatabaseAway", () => {
  it.each([
    Object.assign(new Error("refused"), { code: "ECONNREFUSED" }),
    Object.assign(
      new Error(
        "Database error. Code: `57P03`. Message: `the database system is not yet accepting connections`",
      ),
      { code: "P2010" },
    ),
    new Error("a run could not be read", { cause: new Error("Connection terminated unexpectedly") }),
    new AggregateError([Object.assign(new Error("refused"), { code: "ECONNREFUSED" })]),
  ])("knows an outage: %s", (error) => expect(isDatabaseAway(error)).toBe(true));

  it.each([
    Object.assign(new Error("Unique constraint failed"), { code: "P2002" }),
    Object.assign(new Error("Database error. Code: `23505`. Message: `duplicate key`"), { code: "P2010" }),
    "ECONNREFUSED",
  ])("tells it from an answer: %s", (error) => expect(isDatabaseAway(error)).toBe(false));
});
