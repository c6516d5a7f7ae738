import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, home } from "../fixtures/test.ts";

export interface NewPerson {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

let counter = 0;

/** Somebody who does not exist yet; no two tests share one. */
export function newPerson(name = "Visitor"): NewPerson {
  const unique = `${process.pid}-${Date.now().toString(36)}-${counter++}`;
  return { name, email: `${unique}@test.example`, password: "a long enough password" };
}

export async function signUp(page: Page, person: NewPerson): Promise<void> {
  await page.getByLabel("Your name").fill(person.name);
  const email = page.getByLabel("E-mail address");
  if (await email.isEditable()) await email.fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Create an account" }).click();
}

export async function signInByForm(
  page: Page,
  { email, password }: { email: string; password: string },
): Promise<void> {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Signs up a new person with an organisation of their own; returns the organisation's address. */
export async function newOwner(
  page: Page,
  organisation: string,
): Promise<{ person: NewPerson; org: string }> {
  const person = newPerson();
  await page.goto("/signup");
  await signUp(page, person);
  await page.waitForURL("**/o");
  await page.getByLabel("Name", { exact: true }).fill(organisation);
  await page.getByRole("button", { name: "Create organisation" }).click();
  await page.waitForURL(/\/o\/[a-z0-9-]+$/);
  return { person, org: new URL(page.url()).pathname.split("/")[2] ?? "" };
}

/** The link in the newest message to this address in the mail folder. */
export async function linkFromMail(to: string): Promise<string> {
  const folder = join(home(), "mail");
  let link = "";
  await expect(() => {
    const mails = readdirSync(folder)
      .sort()
      .map((name) => readFileSync(join(folder, name), "utf8"));
    const mine = mails.filter((mail) => mail.includes(`To: ${to}`)).at(-1) ?? "";
    link = /https?:\/\/\S+\/reset\/[\w-]+/.exec(mine.replace(/=\r?\n/g, ""))?.[0] ?? "";
    expect(link).not.toBe("");
  }).toPass();
  return link;
}
