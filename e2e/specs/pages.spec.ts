import type { Page } from "@playwright/test";
import { demo, demoProject } from "../fixtures/demo.ts";
import { accessibilityViolations, expect, signIn, test } from "../fixtures/test.ts";

/** The first address like this on the page, which is loaded anew until it has one. */
async function firstLink(page: Page, from: string, pattern: RegExp): Promise<string> {
  let found = "";
  await expect(async () => {
    await page.goto(from);
    const links = await page
      .locator("a[href]")
      .evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
    found = links.find((link) => pattern.test(link)) ?? "";
    expect(found, `a link like ${pattern} on ${from}`).not.toBe("");
  }).toPass({ timeout: 600_000 });
  return found;
}

/** Addresses that a visitor of the demo can reach; those of rows are read off the pages that list them. */
async function addresses(page: Page): Promise<string[]> {
  const model = await firstLink(page, `${demoProject}/models`, /\/models\/[a-z0-9-]+(\/\d+)?$/);
  const dataset = await firstLink(page, `${demoProject}/datasets`, /\/datasets\/[a-z0-9-]+(\/\d+)?$/);
  const recipe = await firstLink(page, `${demoProject}/recipes`, /\/recipes\/[a-z0-9-]+$/);
  const experiment = await firstLink(page, `${demoProject}/experiments`, /\/experiments\/\d+$/);
  const note = await firstLink(page, `${demoProject}/notes`, /\/notes\/[0-9a-f-]{36}$/);
  const board = await firstLink(page, "/benchmarks", /\/benchmarks\/[a-z0-9-]+(\?.*)?$/);
  const runs = await runIdsOf(page, experiment);
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
    `${demoProject}/models/-/new?from=build`,
    model,
    `${model.replace(/\/\d+$/, "")}/new`,
    `${demoProject}/datasets`,
    `${demoProject}/datasets/-/new`,
    dataset,
    `${dataset.replace(/\/\d+$/, "")}/new`,
    `${demoProject}/recipes`,
    `${demoProject}/recipes/-/new`,
    recipe,
    `${recipe}/new`,
    `${demoProject}/experiments`,
    `${demoProject}/experiments/new`,
    experiment,
    `${experiment}?run=2`,
    `${demoProject}/runs/${runs[1]}`,
    `${demoProject}/compare`,
    `${demoProject}/compare?runs=${runs.join(",")}`,
    `${demoProject}/notes`,
    `${demoProject}/notes/new`,
    note,
    "/benchmarks",
    board,
  ];
}

/** The baseline and the first variants of an experiment; the side panel of each has its address. */
async function runIdsOf(page: Page, experiment: string): Promise<string[]> {
  const ids: string[] = [];
  for (const number of [1, 2, 3]) {
    const run = await firstLink(page, `${experiment}?run=${number}`, /\/runs\/[0-9a-f-]{36}$/);
    ids.push(run.split("/").at(-1) ?? "");
  }
  expect(new Set(ids).size).toBe(ids.length);
  return ids;
}

const publicAddresses = [
  "/",
  "/signin",
  "/signup",
  "/reset",
  "/benchmarks",
  "/guide/training",
  "/s/no-such-link-at-all-000000000000",
  "/nowhere",
];

for (const locale of ["en", "zh"] as const) {
  test(`axe finds nothing on any page, in light and dark: ${locale}`, async ({ page }) => {
    test.setTimeout(720_000);
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    const url = process.env.PARSIMONY_E2E_URL ?? "";
    const inLocale = { name: "parsimony-locale", value: locale, url };
    await page.context().addCookies([inLocale]);
    const found: string[] = [];
    const look = async (address: string) => {
      await page.goto(address);
      await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
      for (const colorScheme of ["light", "dark"] as const) {
        // The page follows the system's wish while it is open, which saves a second visit.
        await page.emulateMedia({ colorScheme });
        await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", colorScheme);
        for (const violation of await accessibilityViolations(page))
          found.push(`${address} ${colorScheme}  ${violation}`);
      }
      await page.emulateMedia({ colorScheme: "light" });
      expect(await page.title(), address).not.toBe("");
      expect(await page.locator("html").getAttribute("lang"), address).toMatch(
        locale === "zh" ? /^zh/ : /^en/,
      );
    };
    for (const address of publicAddresses) await look(address);
    await signIn(page, demo("engineer"));
    for (const address of await addresses(page)) await look(address);
    // What the partner sees of it.
    await page.context().clearCookies();
    await page.context().addCookies([inLocale]);
    await signIn(page, demo("partner"));
    await look(await firstLink(page, "/o/demo-partner/shared", /\/shared\/[0-9a-f-]{36}$/));
    expect(found).toEqual([]);
  });
}
