import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { install, root } from "../lib/install.ts";
import { stage } from "../lib/stage.ts";

/**
 * `npm run bench:ingest`: what reading a dataset costs, per format, in time and memory, beside a library alone and `cat`.
 * PARSIMONY_BENCH_ROWS sets the rows of tables. Writes docs/results/bench-ingest.{md,json}.
 */
await stage("dependencies", install);
const { makeFiles } = await import("../bench/ingest/files.ts");
const { ingestTable, measure } = await import("../bench/ingest/report.ts");
const { subjects } = await import("../bench/ingest/subjects.ts");
const { machineText, thisMachine } = await import("../bench/machine.ts");

const rows = Number(process.env.PARSIMONY_BENCH_ROWS || 300_000);
const folder = mkdtempSync(join(tmpdir(), "parsimony-ingest-"));
const reports: Awaited<ReturnType<typeof measure>>[] = [];
try {
  await stage("files", async () => ({ said: folder, value: await makeFiles(folder, rows) }));
  for (const [at, { file }] of subjects.entries()) {
    reports.push(
      await stage(file, async () => {
        const report = await measure(at, folder);
        const said = "failed" in report.ours ? report.ours.failed : `${report.ours.seconds.toFixed(1)} s`;
        return { said, value: report };
      }),
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
const about = thisMachine();
const text = [
  "# What reading a dataset costs",
  "",
  `Made by \`npm run bench:ingest\` (${machineText(about)}). Files are in the system's cache, and each reader runs in a process of its own, one thread. *s* is everything that a registration does: reading, looking for items that splits share, summary and digests. *Library alone* reads the same file and keeps as little as it can; \`cat\` is \`cat FILE > /dev/null\`. *Load* is how many processes wanted a core in the minute before: beyond the number of cores, seconds are longer than on an idle machine, and CPU seconds are what to compare. Peak is the highest resident set, of which this program takes about 110 MB before it reads anything.`,
  "",
  ingestTable(reports),
  "",
].join("\n");
const target = join(root, "docs/results");
mkdirSync(target, { recursive: true });
writeFileSync(join(target, "bench-ingest.md"), text);
writeFileSync(join(target, "bench-ingest.json"), `${JSON.stringify({ ...about, rows, reports }, null, 2)}\n`);
process.stdout.write(`${text}\n`);
