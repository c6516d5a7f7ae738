import { expect, it } from "vitest";
import { organisationPolicy, personalActions, publicActions, roles } from "#contracts/policy.ts";
import { appRouter } from "./root.ts";

/** At run time this is flat: path → procedure. */
const procedures = appRouter._def.procedures as unknown as Record<string, unknown>;
const actions = new Set<string>([...Object.keys(organisationPolicy), ...personalActions, ...publicActions]);
/** Actions whose only door is a route handler (streams of bytes), not a procedure. */
const byRouteHandler = new Set(["upload.create", "model.download"]);

interface Procedure {
  readonly _def: { readonly meta?: { readonly policy?: string } };
}

function withoutPolicy(all: Record<string, unknown>): string[] {
  return Object.entries(all)
    .filter(([, procedure]) => !actions.has((procedure as Procedure)._def.meta?.policy ?? ""))
    .map(([path]) => path);
}

it("gives every procedure a policy of the table", () => {
  const paths = Object.keys(procedures);
  expect(paths.length).toBeGreaterThan(20);
  expect(withoutPolicy(procedures)).toEqual([]);
});

it("would find a procedure without a policy", () => {
  expect(withoutPolicy({ ...procedures, "planted.bare": { _def: {} } })).toEqual(["planted.bare"]);
});

it("has no action that nothing asks for, and no role that may do nothing", () => {
  const used = new Set(
    Object.values(procedures).map((procedure) => (procedure as Procedure)._def.meta?.policy),
  );
  expect([...actions].filter((action) => !used.has(action) && !byRouteHandler.has(action))).toEqual([]);
  for (const role of roles) {
    expect(
      Object.values(organisationPolicy).some((allowed) => (allowed as readonly string[]).includes(role)),
    ).toBe(true);
  }
});
