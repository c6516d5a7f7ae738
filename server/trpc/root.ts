import { createCallerFactory, router } from "./init.ts";
import { accountRouter } from "./routers/account.ts";
import { benchmarkRouter } from "./routers/benchmark.ts";
import { datasetRouter } from "./routers/dataset.ts";
import { experimentRouter } from "./routers/experiment.ts";
import { modelRouter } from "./routers/model.ts";
import { noteRouter } from "./routers/note.ts";
import { invitationRouter, memberRouter, organisationRouter, teamRouter } from "./routers/organisation.ts";
import { projectRouter } from "./routers/project.ts";
import { recipeRouter } from "./routers/recipe.ts";
import { runRouter } from "./routers/run.ts";
import { linkRouter, sharedRouter, shareRouter } from "./routers/share.ts";
import { uploadRouter } from "./routers/upload.ts";

/** The whole API: a list of nouns. */
export const appRouter = router({
  account: accountRouter,
  organisation: organisationRouter,
  member: memberRouter,
  invitation: invitationRouter,
  team: teamRouter,
  project: projectRouter,
  upload: uploadRouter,
  note: noteRouter,
  model: modelRouter,
  dataset: datasetRouter,
  recipe: recipeRouter,
  experiment: experimentRouter,
  run: runRouter,
  benchmark: benchmarkRouter,
  share: shareRouter,
  shared: sharedRouter,
  link: linkRouter,
});

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
