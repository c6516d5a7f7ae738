import type { Page } from "@playwright/test";
import { demo, demoProject } from "../fixtures/demo.ts";
import { accessibilityViolations, expect, signIn, test } from "../fixtures/test.ts";

/** Addresses that a visitor of the demo can reach; those of rows are read off the pages that list them. */
async function addresses(page: Page): Promise<string[]> {
  const firstLink = async (from: string, pattern: RegExp): Promise<string> => {
    await page.goto(from);
    let found = "";
    await expect(async () => {
      const links = await page
        .locator("a[href]")
        .evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
      found = links.find((link) => pattern.test(link)) ?? "";
      expect(found, `a link like ${pattern} on ${from}`).not.toBe("");
    }).toPass();
    return found;
  };
  const model = await firstLink(`${demoProject}/models`, /\/models\/[a-z0-9-]+(\/\d+)?$/);
  const dataset = await firstLink(`${demoProject}/datasets`, /\/datasets\/[a-z0-9-]+(\/\d+)?$/);
  const experiment = await firstLink(`${demoProject}/experiments`, /\/experiments\/\d+$/);
  const note = await firstLink(`${demoProject}/notes`, /\/notes\/[0-9a-f-]{36}$/);
  const run = await firstLink(experiment, /\/runs\/[0-9a-f-]{36}$/);
  return [
    "/o",
    "/account",
    "/o/demo-institute",
    "/o/demo-institute/people",
    "/o/demo-institute/settings",
    "/o/demo-institute/shared",
    demoProject,
    `${demoProject}/settings`,
    `${demoProject}/models`,
    `${demoProject}/models/-/new`,
    model,
    `${demoProject}/datasets`,
    `${demoProject}/datasets/-/new`,
    dataset,
    `${demoProject}/experiments`,
    `${demoProject}/experiments/new`,
    experiment,
    run,
    `${demoProject}/notes`,
    note,
    "/benchmarks",
  ];
}

const publicAddresses = [
  "/",
  "/signin",
  "/signup",
  "/reset",
  "/benchmarks",
  "/s/no-such-link-at-all-000000000000",
  "/nowhere",
];

for (const locale of ["en", "zh"] as const) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`axe finds nothing on any page: ${locale}, ${colorScheme}`, async ({ page }) => {
      test.setTimeout(300_000);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const url = process.env.PARSIMONY_E2E_URL ?? "";
      await page.context().addCookies([{ name: "parsimony-locale", value: locale, url }]);
      const found: string[] = [];
      const look = async (address: string) => {
        await page.goto(address);
        await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
        for (const violation of await accessibilityViolations(page)) found.push(`${address}  ${violation}`);
        expect(await page.title(), address).not.toBe("");
        expect(await page.locator("html").getAttribute("lang"), address).toMatch(
          locale === "zh" ? /^zh/ : /^en/,
        );
      };
      for (const address of publicAddresses) await look(address);
      await signIn(page, demo("engineer"));
      for (const address of await addresses(page)) await look(address);
      expect(found).toEqual([]);
    });
  }
}
