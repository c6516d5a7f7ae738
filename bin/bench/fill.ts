import type { Connection } from "#server/db/client.ts";

export const runs = 10_000;
export const metrics = 50;

export interface Filled {
  readonly organisation: string;
  readonly project: string;
  readonly experimentId: string;
  readonly runIds: readonly string[];
  readonly benchmark: string;
  readonly email: string;
}

/** Names as a real run has them first, and further ones up to the number wanted. */
export const metricNames = [
  "quality/top1",
  "size/file",
  "latency/p50",
  "energy/per-1000",
  ...Array.from({ length: metrics - 4 }, (_, index) => `extra/metric-${String(index).padStart(2, "0")}`),
];

/** One project with 10,000 runs of 50 metrics each, written by the database itself. */
export async function fill(
  { db, pool }: Connection,
  user: { email: string; passwordHash: string },
): Promise<Filled> {
  const person = await db.user.create({ data: { ...user, name: "Benchmark" } });
  const organisation = await db.organisation.create({ data: { slug: "bench", name: "Bench" } });
  await db.membership.create({ data: { organisationId: organisation.id, userId: person.id, role: "owner" } });
  const team = await db.team.create({
    data: { organisationId: organisation.id, name: "Team", discipline: "engineering" },
  });
  const project = await db.project.create({
    data: { organisationId: organisation.id, teamId: team.id, slug: "runs", name: "Ten thousand runs" },
  });
  const where = { organisationId: organisation.id, projectId: project.id, createdById: person.id };
  const model = await db.model.create({ data: { ...where, slug: "model", name: "Model" } });
  const version = await db.modelVersion.create({
    data: {
      ...where,
      modelId: model.id,
      number: 1,
      state: "ready",
      fileName: "m.onnx",
      bytes: 1_000_000n,
      sha256: "0".repeat(64),
    },
  });
  const dataset = await db.dataset.create({ data: { ...where, slug: "data", name: "Data" } });
  const datasetVersion = await db.datasetVersion.create({
    data: {
      ...where,
      datasetId: dataset.id,
      number: 1,
      state: "ready",
      task: "classification",
      manifest: {},
      digest: "0".repeat(64),
    },
  });
  const experiment = await db.experiment.create({
    data: {
      ...where,
      number: 1,
      question: "Which of ten thousand?",
      modelVersionId: version.id,
      datasetVersionId: datasetVersion.id,
    },
  });
  await pool.query(
    `insert into "run" ("id","organisationId","projectId","experimentId","number","isBaseline","recipeName","recipe","state","createdById","startedAt","endedAt")
     select gen_random_uuid(), $1, $2, $3, i, i = 0, case when i = 0 then 'baseline' else 'recipe-' || (i % 40) end,
            '{"name":"recipe","seed":0,"steps":[]}', 'succeeded', $4, now(), now()
     from generate_series(0, $5::int - 1) i`,
    [organisation.id, project.id, experiment.id, person.id, runs],
  );
  await pool.query(
    `insert into "measurement" ("runId","name","split","organisationId","projectId","attempt","value","unit","intervalKind","low","high","level",
                                "intervalMethod","n","tier","method","scope","conditions","qualityKey","performanceKey")
     select r.id, m.name, case when m.name = 'quality/top1' then 'test' else '' end, $1, $2, 1, v, '1', 'interval', v - 0.01, v + 0.01, 0.95,
            'benchmark', 1000, 'metered', 'generated for the benchmark', 'process', '{"engineVersion":"1"}',
            case when m.name = 'quality/top1' then repeat('a', 64) end, case when m.name <> 'quality/top1' then repeat('b', 64) end
     from "run" r cross join unnest($3::text[]) m(name), lateral (select random() + 0 * r.number as v) x
     where r."experimentId" = $4`,
    [organisation.id, project.id, metricNames, experiment.id],
  );
  const list = await db.run.findMany({
    where: { experimentId: experiment.id },
    orderBy: { number: "asc" },
    select: { id: true },
  });
  const runIds = list.map((row) => row.id);
  const benchmark = await db.benchmark.create({
    data: {
      organisationId: organisation.id,
      slug: "bench",
      name: "Bench",
      datasetVersionId: datasetVersion.id,
      baselineRunId: runIds[0] ?? "",
      qualityMetric: "quality/top1",
      higherIsBetter: true,
      split: "test",
      qualityKey: "a".repeat(64),
      isPublic: true,
      createdById: person.id,
    },
  });
  await pool.query(
    `insert into "submission" ("id","benchmarkId","organisationId","runId","title","values","qualityKey","submittedById")
     select gen_random_uuid(), $1, $2, r.id, r."recipeName",
            jsonb_build_object('measurements', (select jsonb_agg(jsonb_build_object(
              'name', m.name, 'split', nullif(m.split, ''), 'value', m.value, 'unit', m.unit,
              'interval', jsonb_build_object('low', m.low, 'high', m.high, 'level', 0.95, 'method', 'benchmark'),
              'n', m.n, 'tier', m.tier, 'method', m.method, 'scope', m.scope, 'conditions', m.conditions,
              'qualityKey', m."qualityKey", 'performanceKey', m."performanceKey", 'detail', null,
              'measuredAt', to_char(m."measuredAt" at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
              from "measurement" m where m."runId" = r.id and m.name in ('quality/top1','size/file','latency/p50','energy/per-1000'))),
            repeat('a', 64), $3
     from "run" r where r."experimentId" = $4 and r.number < 200`,
    [benchmark.id, organisation.id, person.id, experiment.id],
  );
  await pool.query("analyze");
  return {
    organisation: "bench",
    project: "runs",
    experimentId: experiment.id,
    runIds,
    benchmark: "bench",
    email: user.email,
  };
}
