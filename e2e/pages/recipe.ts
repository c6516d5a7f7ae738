import type { Locator, Page } from "@playwright/test";
import { expect } from "../fixtures/test.ts";

/** The list of steps of the editor. */
export const steps = (page: Page): Locator =>
  page.getByRole("region", { name: "Steps" }).locator("li[data-step]");

/** Names of the techniques, from the first step to the last. */
export const techniques = (page: Page): Promise<string[]> => steps(page).locator("code").allInnerTexts();

export async function addStep(page: Page, technique: string): Promise<void> {
  const before = await steps(page).count();
  await page.getByRole("button", { name: "Add a step" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Add a step" });
  await dialog.getByRole("searchbox", { name: "Find a technique" }).fill(technique);
  await dialog.getByRole("button", { name: technique }).click();
  await expect(steps(page)).toHaveCount(before + 1);
}
