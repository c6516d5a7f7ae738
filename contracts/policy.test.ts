import { describe, expect, it } from "vitest";
import { allows, mayAssign, type OrganisationAction, organisationPolicy, roles } from "./policy.ts";

const actions = Object.keys(organisationPolicy) as OrganisationAction[];

describe("policy", () => {
  it("lets every role do at least what the next lower one may", () => {
    const order = [...roles].reverse();
    for (const action of actions) {
      const may = order.map((role) => allows(role, action));
      expect(may.lastIndexOf(false), action).toBeLessThan(
        may.includes(true) ? may.indexOf(true) : roles.length,
      );
    }
  });

  it("lets a viewer change nothing", () => {
    const changing = actions.filter((action) => !/\.(read|download)$/.test(action));
    expect(changing.filter((action) => allows("viewer", action))).toEqual([]);
  });

  it("lets nobody hand out a role above their own", () => {
    expect(mayAssign("admin", "owner")).toBe(false);
    expect(mayAssign("admin", "admin")).toBe(true);
    expect(mayAssign("owner", "owner")).toBe(true);
    for (const role of roles) expect(mayAssign("researcher", role)).toBe(false);
  });
});
