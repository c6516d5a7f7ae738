import { demo } from "../fixtures/demo.ts";
import { accessibilityViolations, expect, signIn, test } from "../fixtures/test.ts";
import { newProject } from "../pages/project.ts";
import { addStep, steps, techniques } from "../pages/recipe.ts";

const demoModel = new URL("../../prisma/seed/content/models/glyphs.onnx", import.meta.url).pathname;

test("a recipe: composed by hand, mended, saved, edited as YAML, launched, and known to its run", async ({
  page,
}, info) => {
  test.setTimeout(720_000);
  await signIn(page, demo("engineer"));
  await page.goto("/o/demo-institute");
  const base = await newProject(page, `Recipes ${info.workerIndex} ${Date.now().toString(36)}`);

  // An empty room leads on.
  await page.getByRole("link", { name: "Recipes", exact: true }).first().click();
  await page.getByRole("link", { name: "New recipe" }).first().click();
  await page.waitForURL(`**${base}/recipes/-/new`);
  await expect(page.getByRole("button", { name: "Save", exact: true })).toBeDisabled();

  // Two steps, put in order by the keyboard, and back by the mouse.
  await addStep(page, "cast.float16");
  await addStep(page, "prune.magnitude");
  expect(await techniques(page)).toEqual(["cast.float16", "prune.magnitude"]);
  const pruning = page.getByRole("button", { name: /^Move step \d+, Magnitude pruning/ });
  await pruning.focus();
  await page.keyboard.press("ArrowUp");
  await expect(page.getByText("Magnitude pruning is step 1 of 2.")).toBeAttached();
  await expect(pruning).toBeFocused();
  expect(await techniques(page)).toEqual(["prune.magnitude", "cast.float16"]);
  const [from, to] = [await pruning.boundingBox(), await steps(page).last().boundingBox()];
  if (!from || !to) throw new Error("the steps are not on the page");
  await page.mouse.move(from.x + 5, from.y + 5);
  await page.mouse.down();
  await page.mouse.move(from.x + 5, to.y + to.height - 2, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => techniques(page)).toEqual(["cast.float16", "prune.magnitude"]);
  await page.getByRole("button", { name: "Undo" }).click();
  expect(await techniques(page)).toEqual(["prune.magnitude", "cast.float16"]);

  // A value that does not fit is said at its field and beside the button, and mended.
  const options = page.getByRole("group", { name: "Options of step 1, Magnitude pruning" });
  await options.getByLabel("Sparsity", { exact: true }).fill("7");
  await expect(options.getByText("Not above 1, please.")).toBeVisible();
  await page.getByLabel("Name", { exact: true }).fill("Compact");
  await expect(page.getByText("a fitting value of one option: see step 1")).toBeVisible();
  await options.getByLabel("Sparsity", { exact: true }).fill("0.5");
  await expect(options.getByText("Not above 1, please.")).toHaveCount(0);
  expect(await accessibilityViolations(page)).toEqual([]);
  await page.getByLabel("Note", { exact: true }).fill("First try");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.waitForURL(/\/recipes\/compact\/1$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Compact · v1");
  await expect(page.getByText("sparsity: 0.5")).toBeVisible();
  // What equals a default is not written out.
  await expect(page.getByText("scope: global")).toHaveCount(0);

  // The same as YAML: a mistake is named by line and field, the form follows what is right.
  await page.getByRole("link", { name: "Edit", exact: true }).click();
  await page.getByText("YAML", { exact: true }).click();
  const yaml = page.getByLabel("Recipe as YAML");
  await expect(yaml).toHaveValue(/sparsity: 0\.5/);
  const text = await yaml.inputValue();
  await yaml.fill(text.replace("0.5", "5"));
  await expect(page.getByRole("button", { name: "Go to line 4" })).toBeVisible();
  await expect(page.getByText("steps[0].sparsity: Not above 1, please.")).toBeVisible();
  await yaml.fill("name: [");
  await expect(page.getByText("Something is missing here")).toBeVisible();
  await page.getByText("Steps", { exact: true }).last().click();
  await expect(page.getByText("The steps cannot be shown while the YAML is broken")).toBeVisible();
  await page.getByRole("button", { name: "Mend the YAML" }).click();
  await yaml.fill(`${text.replace("0.5", "0.75")}  - use: simplify\n`);
  await expect(page.getByText("This is a valid recipe.")).toBeVisible();
  await page.getByText("Steps", { exact: true }).last().click();
  await expect(steps(page).first()).toContainText("Sparsity: 0.75");
  const outOfOrder = page.getByText(/^Simplification after Magnitude pruning: Fusing batch/);
  await expect(outOfOrder).toBeVisible();
  await expect(page.getByText("Version 2 of “Compact”. Version 1 stays as it is.")).toBeVisible();
  await page.getByRole("button", { name: "Save version 2" }).click();
  await page.waitForURL(/\/recipes\/compact\/2$/);
  await expect(page.getByText("What changed since version 1")).toBeVisible();

  // Launched from its page; the run knows the version that it came from.
  await page.goto(`${base}/models/-/new`);
  await page.locator("input[type=file]").setInputFiles(demoModel);
  await page.getByLabel("Name", { exact: true }).fill("glyphs");
  await page.getByRole("button", { name: "Register", exact: true }).click();
  await page.waitForURL(/\/models\/glyphs\/1$/);
  await expect(page.getByText("Inputs").first()).toBeVisible({ timeout: 60_000 });
  await page.goto(`${base}/recipes/compact`);
  await page.getByRole("link", { name: "Launch it" }).click();
  await expect(page.getByRole("checkbox", { name: /^Compact/ })).toBeChecked();
  await expect(page.getByText("One more remark on the order")).toBeVisible();
  await page.getByRole("button", { name: "Launch 1 run" }).click();
  await page.waitForURL(/\/experiments\/1$/);
  const table = page.getByRole("region", { name: "Table of runs" });
  await expect(table.getByText("done")).toHaveCount(2, { timeout: 600_000 });
  await table.getByText("Compact v2").click();
  await page.getByRole("link", { name: "Open", exact: true }).click();
  await page.waitForURL(/\/runs\//);
  await page.getByRole("link", { name: "Recipe Compact, version 2" }).click();
  await page.waitForURL(/\/recipes\/compact\/2$/);
  await expect(page.getByText("1 run").first()).toBeVisible();

  // The model that it made says what it takes in its deep form.
  await page.goto(`${base}/models/glyphs`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("glyphs · v2");
  const file = page.getByRole("region", { name: "File", exact: true });
  await expect(file.getByText("Size of the deep form")).toBeVisible();
});
