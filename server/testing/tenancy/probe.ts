import type { AnyRouter } from "@trpc/server";
import { isTrackedEnvelope } from "@trpc/server";
import { AppError } from "#contracts/errors.ts";
import { allows, type OrganisationAction, organisationPolicy, type Role, roles } from "#contracts/policy.ts";
import type { Session } from "#server/auth/session.ts";
import { createContext } from "#server/trpc/context.ts";
import { createCallerFactory } from "#server/trpc/init.ts";
import { wire } from "#server/trpc/wire.ts";
import type { TestDatabase } from "../database.ts";
import { digestOf } from "./digest.ts";
import type { Tenant } from "./world.ts";

/** Input of a procedure that names things of `of`, sent to the address of the organisation `at`. */
export type Sample = (of: Tenant, at: Tenant) => Record<string, unknown> | undefined;
export type Samples = Readonly<Record<string, Sample>>;

/** Something that should not have happened. */
export interface Finding {
  readonly procedure: string;
  readonly as: string;
  readonly what: string;
}

interface Outcome {
  readonly code: string | undefined;
  readonly answer: string;
}

interface Described {
  readonly _def: {
    readonly type: "query" | "mutation" | "subscription";
    readonly meta?: { readonly policy: string };
  };
}

/** Strings that only the tenant's own members may ever see in an answer. */
export function foreignMarks(of: Tenant): string[] {
  const ids = Object.entries(of)
    .filter(([name, value]) => typeof value === "string" && !/Slug$|Token$/.test(name))
    .map(([, value]) => value as string);
  const people = Object.values(of.people).map((person) => person.userId);
  return [
    ...ids,
    ...people,
    of.organisation.id,
    of.organisation.projectId,
    of.organisation.teamId,
    of.invitation.id,
  ];
}

/** First value of a stream, or nothing when it stays silent. Ends the stream either way. */
async function firstOf(stream: AsyncIterable<unknown>, stop: AbortController): Promise<unknown> {
  const iterator = stream[Symbol.asyncIterator]();
  const silence = new Promise<undefined>((resolve) => setTimeout(resolve, 300));
  try {
    const first = await Promise.race([iterator.next(), silence]);
    return first?.value;
  } finally {
    stop.abort();
    await iterator.return?.();
  }
}

/** Calls every procedure of a router as every kind of person, and reports what should not have happened. */
export class Probe {
  readonly #router: AnyRouter;
  readonly #samples: Samples;
  readonly #database: TestDatabase;

  constructor(router: AnyRouter, samples: Samples, database: TestDatabase) {
    this.#router = router;
    this.#samples = samples;
    this.#database = database;
  }

  get procedures(): [path: string, described: Described][] {
    return Object.entries(this.#router._def.procedures as Record<string, Described>);
  }

  /** Procedures without a sample input: each must have one, or it would go unproved. */
  missing(): string[] {
    return this.procedures.map(([path]) => path).filter((path) => !(path in this.#samples));
  }

  async call(path: string, session: Session | undefined, input: unknown): Promise<Outcome> {
    const stop = new AbortController();
    const caller = createCallerFactory(this.#router)(createContext({ session, ip: "127.0.0.1" }), {
      signal: stop.signal,
    });
    let target: unknown = caller;
    for (const part of path.split(".")) target = (target as Record<string, unknown>)[part];
    try {
      const answer: unknown = await (target as (input: unknown) => Promise<unknown>)(input);
      const isStream = typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;
      const value = isStream ? await firstOf(answer as AsyncIterable<unknown>, stop) : answer;
      // An event that can be resumed from: what the browser gets are its ID and its data.
      const given = isTrackedEnvelope(value) ? [value[0], value[1]] : value;
      return { code: undefined, answer: wire.serialize(given) };
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      const code = cause instanceof AppError ? cause.code : "invalidInput";
      return { code, answer: JSON.stringify(cause instanceof AppError ? cause.details : {}) };
    }
  }

  /** A member of `own` with `role` calls at home: refused exactly where the table refuses. */
  async atHome(path: string, own: Tenant, role: Role): Promise<Finding[]> {
    const policy = this.#policyOf(path);
    const input = this.#samples[path]?.(own, own);
    if (!policy || !input) return [];
    const { code } = await this.call(path, own.people[role].session, {
      org: own.organisation.slug,
      ...input,
    });
    const expected = allows(role, policy);
    if (
      expected &&
      (code === "forbidden" ||
        code === "unauthenticated" ||
        code === "notFound" ||
        code === "internal" ||
        code === "invalidInput")
    ) {
      return [{ procedure: path, as: role, what: `should be allowed, was ${code}` }];
    }
    if (!expected && code !== "forbidden")
      return [{ procedure: path, as: role, what: `should be forbidden, was ${code ?? "allowed"}` }];
    return [];
  }

  /** Everybody of `other`, an outsider and nobody try to reach `victim` in every way the sample knows. */
  async fromOutside(path: string, victim: Tenant, other: Tenant): Promise<Finding[]> {
    const policy = this.#policyOf(path);
    const sample = this.#samples[path];
    if (!policy || !sample) return [];
    const before = await digestOf(this.#database, victim.organisation.id);
    const marks = foreignMarks(victim);
    const findings: Finding[] = [];
    const attempt = async (
      as: string,
      session: Session | undefined,
      org: string,
      input: Record<string, unknown>,
    ) => {
      const { code, answer } = await this.call(path, session, { org, ...input });
      const leaked = marks.find((mark) => answer.includes(mark) && !JSON.stringify(input).includes(mark));
      const echoed = code === undefined && marks.some((mark) => answer.includes(mark));
      if (leaked || echoed)
        findings.push({ procedure: path, as, what: `the answer holds a foreign ID (${leaked ?? "echoed"})` });
      if (org === victim.organisation.slug && code !== "notFound" && code !== "unauthenticated") {
        findings.push({ procedure: path, as, what: `reached a foreign organisation: ${code ?? "allowed"}` });
      }
    };
    const direct = sample(victim, victim);
    const deputy = sample(victim, other);
    const outsiders = [
      ...roles.map((role) => [`foreign ${role}`, other.people[role].session] as const),
      ["outsider", victim.outsider.session] as const,
    ];
    for (const [as, session] of [...outsiders, ["nobody", undefined] as const]) {
      if (direct) await attempt(as, session, victim.organisation.slug, direct);
    }
    // The confused deputy: one's own organisation in the address, somebody else's things in the input.
    for (const role of roles) {
      if (deputy && direct && Object.keys(direct).length > 0) {
        await attempt(`deputy ${role}`, other.people[role].session, other.organisation.slug, deputy);
      }
    }
    const after = await digestOf(this.#database, victim.organisation.id);
    for (const [table, digest] of Object.entries(before)) {
      if (after[table] !== digest)
        findings.push({ procedure: path, as: "outside", what: `rows of ${table} changed` });
    }
    return findings;
  }

  #policyOf(path: string): OrganisationAction | undefined {
    const policy = this.procedures.find(([name]) => name === path)?.[1]._def.meta?.policy;
    return policy && policy in organisationPolicy ? (policy as OrganisationAction) : undefined;
  }
}
