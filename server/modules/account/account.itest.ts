import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { verifyPassword } from "#server/auth/password.ts";
import { checkSession, openSession } from "#server/auth/session.ts";
import { testDatabase } from "#server/testing/database.ts";
import { apiAs } from "#server/testing/people.ts";

const home = mkdtempSync(join(tmpdir(), "parsimony-home-"));
vi.stubEnv("PARSIMONY_HOME", home);
const database = testDatabase();

const anna = {
  email: "Anna@Example.org",
  password: "correct horse battery",
  name: "Anna",
  locale: "en" as const,
};

async function signedIn(email: string) {
  const user = await database.db.user.findUniqueOrThrow({ where: { email } });
  const sessionId = await openSession(database.db, user.id, { userAgent: "test", ip: "127.0.0.1" });
  return { userId: user.id, sessionId };
}

it("signs up once per address, whatever its case, and keeps no readable password", async () => {
  const nobody = apiAs(undefined);
  await nobody.account.signUp(anna);
  await expect(nobody.account.signUp({ ...anna, email: "anna@example.ORG" })).rejects.toThrow("emailTaken");
  const user = await database.db.user.findUniqueOrThrow({ where: { email: "anna@example.org" } });
  expect(user.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await verifyPassword(user.passwordHash, anna.password)).toBe(true);
  expect(await verifyPassword(user.passwordHash, "wrong")).toBe(false);
  expect(await verifyPassword(undefined, anna.password)).toBe(false);
  expect(user.isOperator).toBe(true);
});

it("refuses a session whose row was revoked or has expired", async () => {
  const session = await signedIn("anna@example.org");
  expect(await checkSession(database.db, session.sessionId)).toEqual(session);
  await apiAs(session).account.revokeSession({ sessionId: session.sessionId });
  expect(await checkSession(database.db, session.sessionId)).toBeUndefined();

  const late = await signedIn("anna@example.org");
  await database.db.session.update({
    where: { id: late.sessionId },
    data: { expiresAt: new Date(Date.now() - 1) },
  });
  expect(await checkSession(database.db, late.sessionId)).toBeUndefined();
  expect(await checkSession(database.db, "not-an-id")).toBeUndefined();
});

it("ends all sessions when the password changes, and asks for the present one", async () => {
  const one = await signedIn("anna@example.org");
  const two = await signedIn("anna@example.org");
  const api = apiAs(one);
  await expect(
    api.account.changePassword({ current: "wrong", password: "another long one" }),
  ).rejects.toThrow("wrongCredentials");
  expect(await checkSession(database.db, two.sessionId)).toBeDefined();
  await api.account.changePassword({ current: anna.password, password: "another long one" });
  expect(await checkSession(database.db, one.sessionId)).toBeUndefined();
  expect(await checkSession(database.db, two.sessionId)).toBeUndefined();
});

it("resets a forgotten password by a link that works once and is written to the mail folder", async () => {
  const nobody = apiAs(undefined);
  const session = await signedIn("anna@example.org");
  await nobody.account.requestReset({ email: "anna@example.org" });
  await nobody.account.requestReset({ email: "nobody@example.org" });
  const mails = readdirSync(join(home, "mail"));
  expect(mails).toHaveLength(1);
  const mail = readFileSync(join(home, "mail", mails[0] ?? ""), "utf8").replace(/=\r?\n/g, "");
  const token = /\/reset\/([\w-]+)/.exec(mail)?.[1] ?? "";
  expect(token).not.toBe("");
  await nobody.account.reset({ token, password: "a third long one" });
  await expect(nobody.account.reset({ token, password: "a fourth long one" })).rejects.toThrow("linkInvalid");
  expect(await checkSession(database.db, session.sessionId)).toBeUndefined();
  const user = await database.db.user.findUniqueOrThrow({ where: { email: "anna@example.org" } });
  expect(await verifyPassword(user.passwordHash, "a third long one")).toBe(true);
});

it("stops guessing after ten tries, counted in PostgreSQL", async () => {
  const session = await signedIn("anna@example.org");
  const api = apiAs(session);
  const tries = [];
  for (let i = 0; i < 12; i++) {
    tries.push(
      await api.account
        .changePassword({ current: "wrong", password: "another long one" })
        .catch((e: Error) => e.message),
    );
  }
  expect(tries.filter((message) => message === "rateLimited").length).toBeGreaterThanOrEqual(2);
  expect(await database.db.rateLimit.count()).toBeGreaterThan(0);
});
