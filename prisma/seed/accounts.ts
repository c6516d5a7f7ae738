import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Role } from "#contracts/policy.ts";

/** A demo account is named by what the person does; there is one for each discipline. */
export interface DemoAccount {
  readonly email: string;
  readonly name: string;
  readonly organisation: "institute" | "partner";
  readonly role: Role;
}

export const accounts: readonly DemoAccount[] = [
  { email: "engineer@demo.example", name: "ML engineer", organisation: "institute", role: "owner" },
  {
    email: "environment@demo.example",
    name: "Environmental scientist",
    organisation: "institute",
    role: "researcher",
  },
  { email: "economics@demo.example", name: "Economist", organisation: "institute", role: "reviewer" },
  { email: "policy@demo.example", name: "Policy maker", organisation: "institute", role: "viewer" },
  { email: "partner@demo.example", name: "Partner engineer", organisation: "partner", role: "owner" },
];

export const organisations = {
  institute: { slug: "demo-institute", name: "Demo institute", kind: "research" },
  partner: { slug: "demo-partner", name: "Demo partner", kind: "company" },
} as const;

const file = z.object({ password: z.string().min(10) });

/** The password of all demo accounts: drawn for this installation, so that no two have the same. */
export function demoPassword(home: string): string {
  const path = join(home, "demo.json");
  if (!existsSync(path)) {
    mkdirSync(home, { recursive: true });
    const password = randomBytes(9).toString("base64url");
    writeFileSync(
      path,
      `${JSON.stringify({ password, accounts: accounts.map(({ email, name }) => ({ email, name })) }, null, 2)}\n`,
      {
        mode: 0o600,
      },
    );
  }
  return file.parse(JSON.parse(readFileSync(path, "utf8"))).password;
}

/** What the launcher prints. */
export function signInText(password: string): string {
  const width = Math.max(...accounts.map(({ email }) => email.length));
  const lines = accounts.map(({ email, name }) => `  ${email.padEnd(width)}  ${name}`);
  return `\nDemo accounts, password ${password}\n${lines.join("\n")}\n\n`;
}
