import { baseUrl, expect, signIn, test } from "../fixtures/test.ts";
import { linkFromMail, newOwner, newPerson, signInByForm, signUp } from "../pages/entrance.ts";

test("somebody signs up, makes an organisation and a project, leaves and comes back", async ({ page }) => {
  const { person, org } = await newOwner(page, "Northern Lab");
  await page.getByRole("button", { name: "New project" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("Edge digits");
  const team = page.getByLabel("Name of the team");
  if (await team.isVisible()) await team.fill("Compression");
  await page.getByRole("button", { name: "Create project" }).click();
  await page.waitForURL(`**/o/${org}/p/edge-digits`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Edge digits");

  await page.getByRole("button", { name: `Account of ${person.name}` }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL("**/signin**");
  await page.goto(`/o/${org}`);
  await page.waitForURL("**/signin**");
  await signInByForm(page, person);
  await page.waitForURL(`**/o/${org}`);
});

test("a wrong password is refused in words, and so is a taken address", async ({ page }) => {
  const { person } = await newOwner(page, "Refusal Lab");
  await page.context().clearCookies();
  await page.goto("/signin");
  await signInByForm(page, { email: person.email, password: "not the password" });
  await expect(page.getByRole("alert").filter({ hasText: /\S/ })).toBeVisible();
  await page.goto("/signup");
  await signUp(page, person);
  await expect(page.getByRole("alert").filter({ hasText: /\S/ })).toBeVisible();
});

test("a forgotten password is set by a link that works once", async ({ page }) => {
  const { person } = await newOwner(page, "Forgetful Lab");
  await page.context().clearCookies();
  await page.goto("/reset");
  await page.getByLabel("E-mail address").fill(person.email);
  await page.getByRole("button", { name: "Send the link" }).click();
  const link = await linkFromMail(person.email);
  await page.goto(link);
  await page.getByLabel("New password").fill("another long password");
  await page.getByRole("button", { name: "Set the password" }).click();
  await page.getByRole("link", { name: "Sign in", exact: true }).click();
  await page.waitForURL("**/signin**");
  await signInByForm(page, { email: person.email, password: "another long password" });
  await page.waitForURL("**/o");
  await page.goto(link);
  await page.getByLabel("New password").fill("a third long password");
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /\S/ })).toBeVisible();
});

test("a session ended elsewhere is over at once", async ({ page, browser }) => {
  const { person, org } = await newOwner(page, "Session Lab");
  const other = await browser.newContext({ baseURL: baseUrl() });
  const elsewhere = await other.newPage();
  await signIn(elsewhere, person);
  await elsewhere.goto("/account");
  await elsewhere.getByRole("button", { name: "End all others" }).click();
  await expect(elsewhere.getByRole("button", { name: "End all others" })).toBeHidden();
  await page.goto(`/o/${org}`);
  await page.waitForURL("**/signin**");
  await other.close();
});

test("an invitation carries its role and works once", async ({ page, browser }) => {
  const { org } = await newOwner(page, "Inviting Lab");
  await page.goto(`/o/${org}/people`);
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByRole("dialog").getByRole("combobox", { name: "Role" }).click();
  await page.getByRole("option", { name: /^Viewer/ }).click();
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.getByLabel("Invitation link").inputValue();
  expect(link).toContain("/invite/");

  const guest = await browser.newContext({ baseURL: baseUrl() });
  const arriving = await guest.newPage();
  await arriving.goto(link);
  await expect(arriving.getByText("Inviting Lab")).toBeVisible();
  await arriving.getByRole("link", { name: "Create an account and join" }).click();
  await signUp(arriving, newPerson("Guest"));
  await arriving.waitForURL((url) => !url.pathname.startsWith("/signup"));
  const join = arriving.getByRole("button", { name: /^Join/ });
  if (await join.isVisible()) await join.click();
  await arriving.waitForURL(`**/o/${org}`);
  await expect(arriving.getByRole("button", { name: "New project" })).toHaveCount(0);

  const second = await browser.newContext({ baseURL: baseUrl() });
  const late = await second.newPage();
  await late.goto(link);
  await expect(late.getByText("This invitation does not work")).toBeVisible();
  await guest.close();
  await second.close();
});
