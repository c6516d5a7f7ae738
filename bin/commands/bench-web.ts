import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../lib/build.ts";
import { install, root } from "../lib/install.ts";
import { explain, stage } from "../lib/stage.ts";

/**
 * `npm run bench:web`: the web process against a project of 10,000 runs with 50 metrics each, in a throw-away database.
 * Prints a table and writes docs/results/bench-web.json. Times are those of whole HTTP requests on this machine.
 */
await stage("dependencies", install);
await stage("build", build);
const { System } = await import("../lib/system.ts");
const { freePort } = await import("../lib/postgres.ts");
const { connect } = await import("#server/db/client.ts");
const { hashPassword } = await import("#server/auth/password.ts");
const { fill, metrics, runs } = await import("../bench/fill.ts");
const { thisMachine } = await import("../bench/machine.ts");
const { Client, timed } = await import("../bench/http.ts");
const { summarise, table } = await import("../bench/statistics.ts");
const { eventDelays, pointsPerSecond } = await import("../bench/points.ts");
const { largestMegabytes, peakDuring, residentMegabytes } = await import("../bench/memory.ts");

const home = mkdtempSync(join(tmpdir(), "parsimony-bench-"));
const port = await freePort();
const system = new System({ home, port, databaseUrl: undefined, mode: "production", onLine: () => {} });
/** Not counted: the server compiles what is hot while it answers. */
const warmUps = 20;
const repeats = 100;
try {
  await stage("database", async () => ({ said: await system.startDatabase(), value: undefined }));
  await system.migrate();
  const connection = connect(system.databaseUrl, 4);
  const password = "benchmark only";
  const user = { email: "bench@demo.example", passwordHash: await hashPassword(password) };
  const filled = await stage("fill", async () => ({
    said: `${runs} runs × ${metrics} metrics`,
    value: await fill(connection, user),
  }));
  const worker = Number((await system.startService("worker")).pid);
  const web = Number((await system.startService("web")).pid);
  const client = new Client(`http://localhost:${port}`);
  await client.signIn(user.email, password);

  const org = filled.organisation;
  const of = {
    org,
    experimentId: filled.experimentId,
    columns: ["quality/top1@test", "size/file", "latency/p50", "energy/per-1000"],
  };
  const wide = {
    ...of,
    columns: [...of.columns, "carbon/per-1000", "cost/per-million", "extra/metric-00", "extra/metric-01"],
  };
  const operations: [string, () => Promise<unknown>][] = [
    ["run table, first page", () => client.query("experiment.runs", wide)],
    [
      "run table, sorted by a metric",
      () => client.query("experiment.runs", { ...of, sort: { by: "latency/p50", descending: true } }),
    ],
    [
      "run table, filtered by bounds",
      () =>
        client.query("experiment.runs", {
          ...of,
          filter: { bounds: [{ metric: "quality/top1@test", min: 0.9 }] },
        }),
    ],
    [
      "run table, filtered by text",
      () => client.query("experiment.runs", { ...of, filter: { text: "recipe-7" } }),
    ],
    [
      "comparison of four runs",
      () => client.query("run.compare", { org, runIds: filled.runIds.slice(0, 4) }),
    ],
    ["leaderboard of 200 entries", () => client.query("benchmark.get", { org, benchmark: filled.benchmark })],
    ["leaderboard page, HTML", () => client.page(`/benchmarks/${filled.benchmark}`)],
    ["experiment page, HTML", () => client.page(`/o/${org}/p/${filled.project}/experiments/1`)],
  ];
  const rows = [];
  const timings = [];
  for (const [name, work] of operations) {
    await timed(warmUps, work);
    const timing = summarise(name, await timed(repeats, work));
    timings.push(timing);
    rows.push({
      what: name,
      measured: `p50 ${timing.p50.toFixed(1)} ms, p95 ${timing.p95.toFixed(1)} ms`,
      goal: "p95 < 100 ms",
      met: timing.p95 < 100,
    });
  }
  const runId = filled.runIds[1] ?? "";
  const perSecond = await pointsPerSecond(connection, runId, 400_000, 5_000);
  rows.push({
    what: "points written per second",
    measured: Math.round(perSecond).toLocaleString("en"),
    goal: "> 20,000",
    met: perSecond > 20_000,
  });
  const delay = summarise(
    "worker event to subscriber",
    await eventDelays(
      connection,
      runId,
      (onEvent) => client.subscribe("run.live", { org, runId }, onEvent),
      40,
    ),
  );
  rows.push({
    what: delay.name,
    measured: `p50 ${delay.p50.toFixed(0)} ms, p95 ${delay.p95.toFixed(0)} ms`,
    goal: "p95 < 500 ms",
    met: delay.p95 < 500,
  });
  const idleWorker = residentMegabytes(worker);
  rows.push({
    what: "idle worker, resident",
    measured: `${idleWorker.toFixed(0)} MB`,
    goal: "< 200 MB",
    met: idleWorker < 200,
  });
  const webMemory = largestMegabytes(web);
  rows.push({
    what: "web process, largest resident",
    measured: `${webMemory.toFixed(0)} MB`,
    goal: "< 500 MB",
    met: webMemory < 500,
  });
  const uploadBytes = 300_000_000;
  let status = 0;
  const before = residentMegabytes(web);
  const peak = await peakDuring(web, async () => {
    status = await client.upload(
      `/api/uploads?org=${org}&project=${filled.project}`,
      "zeros.bin",
      uploadBytes,
    );
  });
  const growth = peak - before;
  rows.push({
    what: `upload of 300 MB (status ${status}), growth of the web process`,
    measured: `${growth.toFixed(0)} MB`,
    goal: "< 100 MB",
    met: status === 201 && growth < 100,
  });

  process.stdout.write(`\n${table(rows)}\n`);
  const result = {
    ...thisMachine(),
    repeats,
    runs,
    metrics,
    rows,
    timings,
  };
  mkdirSync(join(root, "docs/results"), { recursive: true });
  writeFileSync(join(root, "docs/results/bench-web.json"), `${JSON.stringify(result, null, 2)}\n`);
  const machine = `${result.cores} cores, ${result.cpu}, Node ${result.node}, ${result.at.slice(0, 10)}`;
  writeFileSync(
    join(root, "docs/results/bench-web.md"),
    `# The server with ${runs.toLocaleString("en")} runs × ${metrics} metrics in one project\n\n` +
      `Made by \`npm run bench:web\` (${machine}; client and database on the same machine). Times are those until the ` +
      `last byte, over ${repeats} requests one after the other.\n\n${table(rows)}\n`,
  );
  await connection.close();
  process.exitCode = rows.every((row) => row.met) ? 0 : 1;
} catch (error) {
  explain(error);
  process.exitCode = 2;
} finally {
  await system.stop();
  rmSync(home, { recursive: true, force: true });
}
