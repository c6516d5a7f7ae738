import { type Mean, meanOf } from "../student-t.ts";
import { tableOf } from "../table.ts";
import { type SeedResult, subjects } from "./seed.ts";
import type { Task } from "./tasks.ts";

export interface TaskReport {
  readonly task: Pick<Task, "name" | "data" | "metric" | "teacher" | "student">;
  readonly seeds: readonly SeedResult[];
  readonly means: Readonly<Record<(typeof subjects)[number], Mean>>;
  /** Taught less alone, seed by seed. */
  readonly gain: Mean;
}

export function reportOf(
  { name, data, metric, teacher, student }: Task,
  seeds: readonly SeedResult[],
): TaskReport {
  const of = (subject: (typeof subjects)[number]) => meanOf(seeds.map((result) => result[subject].test));
  return {
    task: { name, data, metric, teacher, student },
    seeds,
    means: { teacher: of("teacher"), alone: of("alone"), taught: of("taught") },
    gain: meanOf(seeds.map(({ taught, alone }) => taught.test - alone.test)),
  };
}

const percent = (value: number) => `${(value * 100).toFixed(2)} %`;
const points = (value: number) => `${(value * 100).toFixed(2)} points`;
const plain = (value: number) => value.toFixed(4);

function networkText(of: Task["student"] | Task["teacher"]): string {
  return "network" in of ? of.network.kind : `the teacher after ${of.step.use}`;
}

function settings({ training, ...of }: Task["student"] | Task["teacher"]): string {
  return JSON.stringify({ ...Object.values(of)[0], ...training });
}

/** A report for other programs, with settings as texts. */
export function reportJson({ task, ...figures }: TaskReport): object {
  const { name, data, metric, teacher, student } = task;
  return { task: { name, data, metric, teacher: settings(teacher), student: settings(student) }, ...figures };
}

/** What a paired difference says, in one sentence. */
function verdict({ gain, task }: TaskReport): string {
  const isClear = Math.abs(gain.mean) > gain.half;
  if (!isClear) return "The interval holds zero: no difference is shown.";
  const isBetter = gain.mean > 0 === (task.metric === "accuracy");
  return isBetter ? "The teacher helps." : "The teacher harms.";
}

export function taskSection(report: TaskReport): string {
  const { task, seeds, means, gain } = report;
  const isShare = task.metric === "accuracy";
  const text = isShare ? percent : plain;
  const difference = isShare ? points : plain;
  const sizes = seeds[0];
  const rows = subjects.map((subject) => [
    { teacher: "teacher", alone: "student without a teacher", taught: "student with the teacher" }[subject],
    networkText(subject === "teacher" ? task.teacher : task.student),
    `${Math.round((sizes?.[subject].bytes ?? 0) / 1000)} kB`,
    `${text(means[subject].mean)} ± ${difference(means[subject].half)}`,
    ...seeds.map((seed) => text(seed[subject].test)),
    `${meanOf(seeds.map((seed) => seed[subject].seconds)).mean.toFixed(1)} s`,
  ]);
  const head = [
    "model",
    "network",
    "file",
    task.metric,
    ...seeds.map(({ seed }) => `seed ${seed}`),
    "training",
  ];
  const sign = gain.mean >= 0 ? "+" : "−";
  return [
    `## ${task.name}`,
    "",
    `${task.data.charAt(0).toUpperCase()}${task.data.slice(1)}.`,
    "",
    tableOf(head, rows),
    "",
    `**With less without the teacher, seed by seed: ${sign}${difference(Math.abs(gain.mean))} ± ${difference(gain.half)}.** ${verdict(report)}`,
    "",
    `Teacher: \`${settings(task.teacher)}\`. Student: \`${settings(task.student)}\`.`,
    "",
  ].join("\n");
}

export function reportText(reports: readonly TaskReport[], machine: string): string {
  return [
    "# What a teacher is worth",
    "",
    `Made by \`npm run results:distillation\` (${machine}). One student, trained twice on each task: by \`train.finetune\` on the labels, and by \`train.distill\` with its defaults (α = 0.9, T = 4; squared distance for ratings) on the labels and a larger network of the same seed. Both students start from the same weights, see the same batches in the same order and keep the best epoch on the tuning split; the settings of the training are the same and were not tuned for either. The test split is opened once for each model, when it is finished. Means over the seeds with 95 % intervals by Student's t; the difference is paired by seed. The pruned student was added when the results of the other three tasks were known.`,
    "",
    ...reports.map(taskSection),
  ].join("\n");
}
