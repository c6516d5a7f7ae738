import { connection } from "#server/db/client.ts";
import { env } from "#server/env.ts";
import { create as createNote, pin } from "#server/modules/note/service.ts";
import { accounts, demoPassword, organisations, signInText } from "./accounts.ts";
import { glyphs, models, ratings, topics } from "./content/index.ts";
import { ensureExperiment, ensureRecipe, publish } from "./experiments.ts";
import { welcomeNote } from "./note.ts";
import { Actor, makePeople } from "./people.ts";
import { ensureDataset, ensureModel, untilReady } from "./registry.ts";

const readyWithinMs = 120_000;

const project = {
  slug: "small-models",
  name: "Small models",
  question: "How small can a model get before somebody notices?",
};

const questions: Record<string, string> = {
  glyphs: "How small can the glyph classifier get?",
  topics: "Does the text classifier survive eight bits?",
  ratings: "What does compression do to the recommender?",
};
const makers = { glyphs, topics, ratings };

export interface Seeded {
  /** What the launcher's line says. */
  readonly said: string;
  readonly signIn: string;
  /** Ends when the board has been opened, after the first runs. `stop` gives up waiting. */
  readonly published: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Makes the demo workspace as far as it is missing: people, models, datasets, experiments with real runs. A start that
 * was interrupted is completed by the next. A worker must be running: it is the one that looks at the files.
 */
export async function seed(): Promise<Seeded> {
  const { db, close } = connection();
  const password = demoPassword(env().home);
  const abort = new AbortController();
  const isOther =
    (await db.organisation.count()) > 0 &&
    !(await db.organisation.findUnique({ where: { slug: organisations.institute.slug } }));
  if (isOther) {
    return {
      said: "left alone: this instance has content of its own",
      signIn: "",
      published: Promise.resolve(),
      stop: close,
    };
  }
  await makePeople(db, password);
  const first = accounts[0];
  if (!first) throw new Error("There is no demo account.");
  const actor = await Actor.as(db, first);
  const organisationId = (await actor.may("organisation.read")).organisationId;
  const team = await db.team.upsert({
    where: { organisationId_name: { organisationId, name: "Compression" } },
    create: { organisationId, name: "Compression", discipline: "engineering" },
    update: {},
  });
  const row = await db.project.upsert({
    where: { organisationId_slug: { organisationId, slug: project.slug } },
    create: { ...project, organisationId, teamId: team.id },
    update: {},
  });
  const at = { project: row.slug, projectId: row.id };
  const versions = [];
  for (const model of models) {
    const modelVersionId = await ensureModel(db, actor, at.project, at.projectId, model);
    const datasetVersionId = await ensureDataset(
      db,
      actor,
      at.project,
      at.projectId,
      makers[model.dataset],
      model.dataset,
    );
    versions.push({ name: model.dataset, modelVersionId, datasetVersionId });
  }
  await untilReady(
    db,
    { models: versions.map((v) => v.modelVersionId), datasets: versions.map((v) => v.datasetVersionId) },
    readyWithinMs,
  );
  const before = await db.run.count({ where: { projectId: row.id } });
  const experiments = [];
  for (const { name, ...ids } of versions) {
    experiments.push(await ensureExperiment(db, actor, at, { question: questions[name] ?? name, ...ids }));
  }
  await ensureRecipe(db, actor, at);
  if (!(await db.note.findFirst({ where: { projectId: row.id, title: welcomeNote.title } }))) {
    const about = { subject: "project", subjectId: row.id, ...welcomeNote } as const;
    const note = await createNote(db, await actor.may("note.write"), about);
    await pin(db, await actor.may("note.write"), note.id, true);
  }
  const published = publish(db, actor, experiments[0] ?? "", abort.signal).finally(() => actor.leave());
  const launched = (await db.run.count({ where: { projectId: row.id } })) - before;
  const runs = launched > 0 ? `${launched} runs launched` : `${before} runs, all there`;
  return {
    said: `${models.length} models, ${models.length} datasets, ${runs}`,
    signIn: signInText(password),
    published,
    stop: async () => {
      abort.abort();
      await published.catch(() => {});
      await close();
    },
  };
}
