import { demo, demoProject } from "../fixtures/demo.ts";
import { expect, signIn, test } from "../fixtures/test.ts";

test("the demo workspace: real runs, a verdict, a board, and what the partner sees", async ({ page }) => {
  test.setTimeout(720_000);
  await signIn(page, demo("engineer"));
  await page.goto(demoProject);
  await expect(page.getByText("What to look at").first()).toBeVisible();
  await page.goto(`${demoProject}/experiments`);
  await page.getByRole("link", { name: "How small can the glyph classifier get?" }).click();
  await page.waitForURL(/\/experiments\/\d+$/);
  const table = page.getByRole("region", { name: "Table of runs" });
  await expect(table.getByText("done")).toHaveCount(5, { timeout: 600_000 });
  await expect(page.getByText("zeros alone neither shrink").first()).toBeVisible();

  // The board is opened by the seed as soon as the first experiment has ended.
  await expect(async () => {
    await page.goto("/benchmarks");
    await expect(page.getByRole("link", { name: /Glyphs, small and accurate/ })).toBeVisible({
      timeout: 2_000,
    });
  }).toPass({ timeout: 30_000 });
  await page.getByRole("link", { name: /Glyphs, small and accurate/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Glyphs");
  await expect(page.getByText("int8-dynamic").first()).toBeVisible();

  await page.context().clearCookies();
  await signIn(page, demo("partner"));
  await page.goto("/o/demo-partner/shared");
  await page.getByRole("link", { name: /How small can the glyph classifier get/ }).click();
  await expect(page.getByText("Demo institute").first()).toBeVisible();
  await expect(page.getByText("int8-dynamic").first()).toBeVisible();
  const answer = await page.goto(demoProject);
  expect(answer?.status()).toBe(404);
});

test("a page that is opened from one that was open for long tells the time of now", async ({ page }) => {
  await page.clock.install();
  await signIn(page, demo("engineer"));
  await page.goto(demoProject);
  await page.clock.fastForward("40:00");
  await page
    .getByRole("link", { name: /^Models \d/ })
    .first()
    .click();
  await page.waitForURL("**/models");
  await expect(page.locator("main time").first()).toHaveText(/^(4\d|5\d) minutes ago$|^1 hour ago$/);
});
