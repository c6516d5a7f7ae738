import { createCallerFactory, router } from "./init.ts";
import { accountRouter } from "./routers/account.ts";
import { invitationRouter, memberRouter, organisationRouter, teamRouter } from "./routers/organisation.ts";
import { projectRouter } from "./routers/project.ts";

/** The whole API: a list of nouns. */
export const appRouter = router({
  account: accountRouter,
  organisation: organisationRouter,
  member: memberRouter,
  invitation: invitationRouter,
  team: teamRouter,
  project: projectRouter,
});

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
