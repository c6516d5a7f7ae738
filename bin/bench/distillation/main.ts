import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../lib/install.ts";
import { kept } from "../kept.ts";
import { machineText, thisMachine } from "../machine.ts";
import { reportJson, reportOf, reportText, type TaskReport } from "./report.ts";
import { type SeedResult, seedSchema, trainSeed } from "./seed.ts";
import { tasks } from "./tasks.ts";

const seeds = [1, 2, 3, 4, 5];

/** Distillation on images, text and ratings, into docs/results/distillation.{md,json}; seeds that are done are kept. */
export async function distillation(say: (line: string) => void): Promise<void> {
  const folder = join(root, ".cache", "results", "distillation");
  const reports: TaskReport[] = [];
  for (const task of tasks) {
    const dataset = task.open();
    if (dataset === undefined) {
      say(`${task.name}: skipped, its data are not beside the checkout`);
      continue;
    }
    const results: SeedResult[] = [];
    for (const seed of seeds) {
      const { open: _, ...settings } = task;
      const work = () => trainSeed(task, dataset, seed);
      const { result, isNew } = await kept(
        folder,
        `${task.name}-${seed}`,
        { settings, seed },
        seedSchema,
        work,
      );
      results.push(result);
      const [teacher, alone, taught] = [result.teacher, result.alone, result.taught].map(({ test }) =>
        test.toFixed(4),
      );
      say(
        `${task.name}, seed ${seed}${isNew ? "" : " (kept)"}: teacher ${teacher}, alone ${alone}, taught ${taught}`,
      );
    }
    reports.push(reportOf(task, results));
  }
  if (reports.length < tasks.length) return say("Nothing is written: a task is missing");
  const about = thisMachine();
  const target = join(root, "docs/results");
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, "distillation.md"), reportText(reports, machineText(about)));
  const json = { ...about, reports: reports.map(reportJson) };
  writeFileSync(join(target, "distillation.json"), `${JSON.stringify(json, null, 2)}\n`);
}
