import { describe, expect, it } from "vitest";
import { AppError } from "#contracts/errors.ts";
import { bodyOf, bodyOfDigest, digestOf } from "./error-body.ts";

describe("bodyOf", () => {
  it("reads what the API formats", () => {
    const body = { code: "rateLimited", details: { seconds: 12 }, id: "ab12cd34" } as const;
    expect(bodyOf(Object.assign(new Error("x"), { data: { httpStatus: 429, app: body } }))).toEqual(body);
  });

  it("reads an error of this application", () => {
    expect(bodyOf(new AppError("wrongCredentials"))).toEqual({
      code: "wrongCredentials",
      details: {},
      id: "",
    });
  });

  it.each([new TypeError("Failed to fetch"), undefined, "x", { data: { app: { code: "nonsense" } } }])(
    "takes anything else for a server that does not answer",
    (error) => expect(bodyOf(error).code).toBe("unavailable"),
  );
});

describe("digests", () => {
  it("carry code and ID through Next", () => {
    const error = Object.assign(new Error("hidden"), {
      digest: digestOf({ code: "unavailable", details: {}, id: "ab12" }),
    });
    expect(bodyOfDigest(error)).toEqual({ code: "unavailable", details: {}, id: "ab12" });
  });

  it("of Next's own making become an internal error to quote", () => {
    expect(bodyOfDigest({ digest: "1234567890" })).toEqual({
      code: "internal",
      details: {},
      id: "1234567890",
    });
    expect(bodyOfDigest(undefined).code).toBe("internal");
  });
});
