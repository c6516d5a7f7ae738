import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { loadavg } from "node:os";
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
  /** Processes that wanted a core, over the last minute: more than the cores make all seconds longer. */
  readonly load: number;
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
  const load = loadavg()[0] ?? Number.NaN;
  return { name, unit, library, megabytes: statSync(path).size / 1e6, ours, plain, catSeconds, load };
}

async function cost(how: string, file: string, folder: string): Promise<Cost | Failed> {
  const answer = await childOutput("ingest/child.ts", [how, file, folder]);
  return "failed" in answer ? answer : costSchema.parse(JSON.parse(answer.text));
}

const whole = (value: number) => Math.round(value).toLocaleString("en");
const seconds = (value: number) => (value < 1 ? value.toFixed(2) : value.toFixed(1));

/** The table of all subjects. */
export function ingestTable(reports: readonly SubjectReport[]): string {
  const head = ["file", "MB", "items", "s", "CPU s", "items per CPU s", "peak MB"];
  const beside = ["library alone", "its CPU s", "its peak MB", "cat, s", "load"];
  const rows = reports.map(({ name, unit, library, megabytes, ours, plain, catSeconds, load }) => [
    name,
    whole(megabytes),
    ...("failed" in ours
      ? [ours.failed, "–", "–", "–", "–"]
      : [
          `${whole(ours.items)} ${unit}`,
          seconds(ours.seconds),
          seconds(ours.cpuSeconds),
          whole(ours.items / ours.cpuSeconds),
          whole(ours.peakMegabytes),
        ]),
    library,
    ...("failed" in plain ? [plain.failed, "–"] : [seconds(plain.cpuSeconds), whole(plain.peakMegabytes)]),
    seconds(catSeconds),
    load.toFixed(1),
  ]);
  return tableOf([...head, ...beside], rows);
}
