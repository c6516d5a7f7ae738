import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { childOutput, type Failed } from "../children.ts";
import { tableOf } from "../table.ts";
import { type Cost, costSchema } from "./cost.schema.ts";
import { type Subject, subjects } from "./subjects.ts";

export interface SubjectReport {
  readonly name: string;
  readonly unit: Subject["unit"];
  readonly library: string;
  readonly megabytes: number;
  readonly ours: Cost | Failed;
  readonly plain: Cost | Failed;
  /** `cat FILE > /dev/null`, with the file in the system's cache. */
  readonly catSeconds: number;
}

/** Measures one subject: the file warmed in the cache, then each reader in a process of its own. */
export async function measure(at: number, folder: string): Promise<SubjectReport> {
  const subject = subjects[at]!;
  const path = join(folder, subject.file);
  const { name, unit, library, file } = subject;
  readFileSync(path);
  const started = performance.now();
  const { status } = spawnSync("sh", ["-c", 'cat "$0" > /dev/null', path]);
  if (status !== 0) throw new Error(`cat ${path} failed`);
  const catSeconds = (performance.now() - started) / 1000;
  const ours = await cost("ours", file, folder);
  const plain = await cost("plain", file, folder);
  return { name, unit, library, megabytes: statSync(path).size / 1e6, ours, plain, catSeconds };
}

async function cost(how: string, file: string, folder: string): Promise<Cost | Failed> {
  const answer = await childOutput("ingest/child.ts", [how, file, folder]);
  return "failed" in answer ? answer : costSchema.parse(JSON.parse(answer.text));
}

const whole = (value: number) => Math.round(value).toLocaleString("en");
const seconds = (value: number) => (value < 1 ? value.toFixed(2) : value.toFixed(1));

/** The table of all subjects. */
export function ingestTable(reports: readonly SubjectReport[]): string {
  const head = [
    "file",
    "MB",
    "items",
    "s",
    "items/s",
    "peak MB",
    "library alone",
    "its s",
    "its peak MB",
    "cat, s",
  ];
  const rows = reports.map(({ name, unit, library, megabytes, ours, plain, catSeconds }) => [
    name,
    whole(megabytes),
    ...("failed" in ours
      ? [ours.failed, "–", "–", "–"]
      : [
          `${whole(ours.items)} ${unit}`,
          seconds(ours.seconds),
          whole(ours.items / ours.seconds),
          whole(ours.peakMegabytes),
        ]),
    library,
    ...("failed" in plain ? [plain.failed, "–"] : [seconds(plain.seconds), whole(plain.peakMegabytes)]),
    seconds(catSeconds),
  ]);
  return tableOf(head, rows);
}
