import type { Page } from "@playwright/test";
import { expect } from "../fixtures/test.ts";

/** Makes a project in the organisation that the page shows, with a team where there is none. */
export async function newProject(page: Page, name: string): Promise<string> {
  await page.getByRole("button", { name: "New project" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog
    .getByLabel(/^(Name|Project name)$/)
    .first()
    .fill(name);
  const team = dialog.getByLabel("Name of the team");
  if (await team.isVisible()) await team.fill("Compression");
  await dialog.getByRole("button", { name: "Create project" }).click();
  await page.waitForURL(/\/p\/[a-z0-9-]+$/);
  return new URL(page.url()).pathname;
}

/** @param files one file, or all that belong to a model */
export async function registerModel(
  page: Page,
  base: string,
  files: string | string[],
  name: string,
): Promise<void> {
  await page.goto(`${base}/models/-/new`);
  await page.locator("input[type=file]").setInputFiles(files);
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Register", exact: true }).click();
  await page.waitForURL(/\/models\/(?!-)[a-z0-9-]+(\/\d+)?$/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
}

export async function registerDataset(
  page: Page,
  base: string,
  files: string[],
  name: string,
): Promise<void> {
  await page.goto(`${base}/datasets/-/new`);
  await page.locator("input[type=file]").setInputFiles(files);
  await expect(page.getByText("Suggested from the files")).toBeVisible({ timeout: 60_000 });
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Register", exact: true }).click();
  await page.waitForURL(/\/datasets\/(?!-)[a-z0-9-]+(\/\d+)?$/);
}

/** Chooses by the labels of the launch screen and starts; ends on the experiment's page. */
export async function launch(
  page: Page,
  base: string,
  choice: { model: string; dataset: string; recipes: string[] },
): Promise<void> {
  await page.goto(`${base}/experiments/new`);
  await page.getByLabel("Model", { exact: true }).selectOption({ label: choice.model });
  await page.getByLabel("Dataset", { exact: true }).selectOption({ label: choice.dataset });
  for (const recipe of choice.recipes)
    await page.getByRole("checkbox", { name: new RegExp(`^${recipe}\\b`) }).check();
  const count = choice.recipes.length;
  await page.getByRole("button", { name: count === 1 ? "Launch 1 run" : `Launch ${count} runs` }).click();
  await page.waitForURL(/\/experiments\/\d+$/);
}
