import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Problem } from "#contracts/problem.ts";
import type { RunState } from "#contracts/run.ts";
import { hasEnded } from "#contracts/run.ts";
import type { Manifest } from "#engine/evaluate/dataset/manifest.schema.ts";
import type { RecipeInput } from "#engine/recipe.schema.ts";
import { storable } from "#server/lib/storable.ts";
import { enqueue } from "#server/queue/enqueue.ts";
import { useArtifactStore } from "#server/storage/current.ts";
import { LocalStore } from "#server/storage/local-store.ts";
import type { TestDatabase } from "#server/testing/database.ts";
import { organisation, type Person, person, type TestOrganisation } from "#server/testing/people.ts";
import { csvManifest, csvRows } from "./models.ts";
import { waitFor } from "./wait.ts";

/** An organisation with a store and helpers that act in it, for tests of workers. */
export interface Bench {
  readonly home: string;
  readonly org: TestOrganisation;
  readonly person: Person;
  /** A version that waits for its inspection, with its job. */
  addModel(bytes: Uint8Array): Promise<string>;
  /** @param about what differs from the usual points; its only file is named points.csv, whatever it is */
  addDataset(about?: { rows?: string | Uint8Array; manifest?: Partial<Manifest> }): Promise<string>;
  /** Resolves with the version's end: ready, or the problem of its upload. */
  checked(kind: "model" | "dataset", versionId: string): Promise<"ready" | Problem>;
  launch(about: {
    model: string;
    dataset: string | null;
    recipes: (string | RecipeInput)[];
  }): Promise<{ id: string; runIds: string[] }>;
  run(id: string): Promise<{
    state: RunState;
    attempt: number;
    problem: Problem | null;
    workerId: string | null;
  }>;
  ended(runId: string, seconds?: number): Promise<RunState>;
  close(): void;
}

async function store(
  database: TestDatabase,
  org: TestOrganisation,
  local: LocalStore,
  bytes: Uint8Array,
): Promise<{ artifactId: string; sha256: string }> {
  const stream = new Blob([new Uint8Array(bytes)]).stream();
  const { sha256 } = await local.put(stream, { limit: 1 << 30 });
  const made = await database.db.artifact.upsert({
    where: { organisationId_sha256: { organisationId: org.id, sha256 } },
    create: { organisationId: org.id, sha256, bytes: BigInt(bytes.length) },
    update: {},
    select: { id: true },
  });
  return { artifactId: made.id, sha256 };
}

export async function openBench(database: TestDatabase): Promise<Bench> {
  const home = mkdtempSync(join(tmpdir(), "parsimony-worker-"));
  const local = new LocalStore(join(home, "artifacts"));
  useArtifactStore(local);
  const org = await organisation(database);
  const owner = await person(database, org, "owner");
  const { db } = database;
  const common = { organisationId: org.id, projectId: org.projectId, createdById: owner.userId };
  const tag = () => createHash("sha256").update(`${Math.random()}`).digest("hex").slice(0, 8);
  const upload = (artifactId: string) =>
    db.upload.create({
      data: { ...common, fileName: "file", state: "checking", artifactId },
      select: { id: true },
    });

  const bench: Bench = {
    home,
    org,
    person: owner,
    async addModel(bytes) {
      const { artifactId, sha256 } = await store(database, org, local, bytes);
      await upload(artifactId);
      const model = await db.model.create({ data: { ...common, slug: `m-${tag()}`, name: "Model" } });
      const data = {
        ...common,
        modelId: model.id,
        number: 1,
        artifactId,
        fileName: "model.onnx",
        bytes: BigInt(bytes.length),
        sha256,
      };
      const version = await db.modelVersion.create({ data });
      await enqueue(db, "model.inspect", { versionId: version.id });
      return version.id;
    },
    async addDataset({ rows = csvRows(400), manifest = csvManifest } = {}) {
      const { artifactId } = await store(
        database,
        org,
        local,
        typeof rows === "string" ? new TextEncoder().encode(rows) : rows,
      );
      await upload(artifactId);
      const dataset = await db.dataset.create({ data: { ...common, slug: `d-${tag()}`, name: "Points" } });
      const version = await db.datasetVersion.create({
        data: {
          ...common,
          datasetId: dataset.id,
          number: 1,
          task: "classification",
          manifest: storable({ ...csvManifest, ...manifest }),
          files: { create: { name: "points.csv", artifactId } },
        },
      });
      await enqueue(db, "dataset.ingest", { versionId: version.id });
      return version.id;
    },
    checked: (kind, versionId) =>
      waitFor(`the check of the ${kind}`, async () => {
        const where = { where: { id: versionId }, select: { state: true } };
        const row =
          kind === "model"
            ? await db.modelVersion.findUnique(where)
            : await db.datasetVersion.findUnique(where);
        if (row?.state === "ready") return "ready" as const;
        if (row) return undefined;
        const rejected = await db.upload.findFirst({
          where: { organisationId: org.id, state: "rejected" },
          orderBy: { createdAt: "desc" },
        });
        return rejected?.problem as Problem | undefined;
      }),
    launch: ({ model, dataset, recipes }) =>
      owner.api.experiment.create({
        org: org.slug,
        project: org.projectSlug,
        question: "Does it work?",
        modelVersionId: model,
        datasetVersionId: dataset,
        recipes,
      }),
    async run(id) {
      const found = await db.run.findUniqueOrThrow({ where: { id } });
      return { ...found, problem: found.problem as Problem | null };
    },
    ended: (runId, seconds = 220) =>
      waitFor(
        `the end of run ${runId}`,
        async () => {
          const { state } = await bench.run(runId);
          return hasEnded(state) ? state : undefined;
        },
        seconds,
      ),
    close: () => {
      useArtifactStore(undefined);
      rmSync(home, { recursive: true, force: true });
    },
  };
  return bench;
}
