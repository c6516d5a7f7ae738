import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { describe, expect, it } from "vitest";
import { testDatabase } from "#server/testing/database.ts";
import { createContext } from "./context.ts";
import { appRouter } from "./root.ts";
import { wire } from "./wire.ts";

testDatabase();

describe("wire", () => {
  it("keeps dates, absent values and numbers that JSON has not", () => {
    const value = {
      at: new Date(5),
      none: undefined,
      list: [null, Number.NaN, -0],
      text: "a\u2028</script>",
    };
    expect(wire.deserialize(wire.serialize(value))).toEqual(value);
  });

  it("refuses what would arrive as something else", () => {
    expect(() => wire.serialize({ of: new (class Money {})() })).toThrow();
  });

  it.each(["garbage", "{}", '"not devalue"', '"[[7]]"', '"[{\\"__proto__\\":1},2]"'])(
    "answers %s with a refusal, not with a fault",
    async (input) => {
      const answer = await fetchRequestHandler({
        endpoint: "/api/trpc",
        req: new Request(`http://localhost/api/trpc/benchmark.publicGet?input=${encodeURIComponent(input)}`),
        router: appRouter,
        createContext: () => createContext({ session: undefined, ip: "127.0.0.1" }),
      });
      expect(answer.status).toBe(400);
    },
  );
});
