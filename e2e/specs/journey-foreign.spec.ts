import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { shareRight } from "../fixtures/score.ts";
import { baseUrl, expect, test } from "../fixtures/test.ts";
import { newOwner } from "../pages/entrance.ts";
import { launch, newProject, registerDataset, registerModel } from "../pages/project.ts";

const data = resolve(import.meta.dirname, "../../../shared/data");
const model = resolve(data, "onnx/mnist/cnn_max_mninst2.onnx");
const file = (name: string) => resolve(data, "datasets/mnist", name);
const test10k = ["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"].map(file);

test("a model and data made by others: from the files to a shared result that holds in plain ONNX Runtime", async ({
  page,
  browser,
}, info) => {
  test.skip(!existsSync(model), "the shared test data is not beside the checkout");
  test.setTimeout(720_000);
  await newOwner(page, "Digit Readers");
  const base = await newProject(page, "Digits");
  await registerModel(page, base, model, "cnn-max");
  await registerDataset(
    page,
    base,
    [...test10k, file("train-images-idx3-ubyte.gz"), file("train-labels-idx1-ubyte.gz")],
    "mnist",
  );
  await expect(page.getByText("10,000").first()).toBeVisible({ timeout: 60_000 });
  await launch(page, base, {
    model: "cnn-max",
    dataset: "mnist",
    recipes: ["float16", "int8-dynamic", "prune-magnitude"],
  });

  const table = page.getByRole("region", { name: "Table of runs" });
  // The page is opened once and followed: whatever changes must arrive by itself.
  await expect(table.getByText("done")).toHaveCount(4, { timeout: 600_000 });
  await expect(page.getByRole("region", { name: "Verdict" }).or(page.getByLabel("Verdict"))).toContainText(
    "within",
  );

  // The download is the smaller model, and it is as good as the page says, in a runtime that knows nothing of us.
  await table.getByText("float16").click();
  const download = page.waitForEvent("download");
  await page
    .getByRole("link", { name: /^Download/ })
    .or(page.getByRole("button", { name: /^Download/ }))
    .first()
    .click();
  const saved = info.outputPath("smaller.onnx");
  await (await download).saveAs(saved);
  const right = await shareRight(saved, test10k[0] ?? "", test10k[1] ?? "", [28, 28, 1]);
  expect(right).toBeGreaterThan(0.98);
  await expect(table.getByRole("row", { name: /float16/ })).toContainText((100 * right).toFixed(2));

  // Shared by a link: a stranger without an account sees it, and loses it at once when it is revoked.
  await page
    .getByRole("button", { name: /^Share/ })
    .first()
    .click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Whoever has a link", { exact: true }).click();
  await dialog.getByRole("button", { name: "Make a link" }).click();
  const link = await dialog.getByLabel("Link", { exact: true }).inputValue();
  const stranger = await browser.newContext({ baseURL: baseUrl() });
  const outside = await stranger.newPage();
  await outside.goto(link);
  await expect(outside.getByText("Digit Readers").first()).toBeVisible();
  await expect(outside.getByText("float16").first()).toBeVisible();
  await dialog.getByRole("button", { name: /^Revoke the share/ }).click();
  await page.getByRole("button", { name: "Revoke now" }).click();
  await expect(outside.getByText("float16")).toHaveCount(0);
  await stranger.close();
});
