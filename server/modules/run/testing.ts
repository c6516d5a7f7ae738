import type { TestDatabase } from "#server/testing/database.ts";
import type { TestOrganisation } from "#server/testing/people.ts";

export interface TestExperiment {
  readonly id: string;
  readonly projectId: string;
  readonly organisationId: string;
  readonly modelVersionId: string;
}

const nobody = "01900000-0000-7000-8000-00000000000f";
let counter = 0;

/** An experiment of a ready model version without a file, for tests that execute nothing. */
export async function makeExperiment(database: TestDatabase, org: TestOrganisation): Promise<TestExperiment> {
  const number = ++counter;
  const common = { organisationId: org.id, projectId: org.projectId, createdById: nobody };
  const model = await database.db.model.create({
    data: { ...common, slug: `model-${number}`, name: "Model" },
  });
  const version = await database.db.modelVersion.create({
    data: {
      ...common,
      modelId: model.id,
      number: 1,
      state: "ready",
      fileName: "m.onnx",
      bytes: 1n,
      sha256: "0".repeat(64),
    },
  });
  const last = await database.db.experiment.aggregate({
    where: { projectId: org.projectId },
    _max: { number: true },
  });
  const made = await database.db.experiment.create({
    data: { ...common, number: (last._max.number ?? 0) + 1, question: "?", modelVersionId: version.id },
  });
  return { id: made.id, projectId: org.projectId, organisationId: org.id, modelVersionId: version.id };
}

export async function makeRun(
  database: TestDatabase,
  experiment: TestExperiment,
  about: {
    recipeName?: string;
    isBaseline?: boolean;
    state?: "queued" | "running" | "succeeded" | "failed";
  } = {},
): Promise<string> {
  const { organisationId, projectId, id: experimentId } = experiment;
  const recipeName = about.recipeName ?? "float16";
  const made = await database.db.run.create({
    data: {
      organisationId,
      projectId,
      experimentId,
      number: ++counter,
      recipeName,
      recipe: { name: recipeName, seed: 0, steps: [] },
      createdById: nobody,
      isBaseline: about.isBaseline ?? false,
      state: about.state ?? "queued",
    },
    select: { id: true },
  });
  return made.id;
}
