import {
  createNoteInput,
  listNotesInput,
  noteInput,
  noteRevisionInput,
  pinNoteInput,
  projectNotesInput,
  updateNoteInput,
} from "#contracts/note.ts";
import * as note from "#server/modules/note/service.ts";
import { organisationProcedure, router } from "../init.ts";

export const noteRouter = router({
  list: organisationProcedure("note.read")
    .input(listNotesInput)
    .query(({ ctx, input }) => note.list(ctx.db, ctx.scope, input)),
  listOfProject: organisationProcedure("note.read")
    .input(projectNotesInput)
    .query(({ ctx, input }) => note.listOfProject(ctx.db, ctx.scope, input)),
  get: organisationProcedure("note.read")
    .input(noteInput)
    .query(({ ctx, input }) => note.get(ctx.db, ctx.scope, input.id)),
  history: organisationProcedure("note.read")
    .input(noteInput)
    .query(({ ctx, input }) => note.history(ctx.db, ctx.scope, input.id)),
  revision: organisationProcedure("note.read")
    .input(noteRevisionInput)
    .query(({ ctx, input }) => note.revision(ctx.db, ctx.scope, input.id, input.revision)),
  create: organisationProcedure("note.write")
    .input(createNoteInput)
    .mutation(({ ctx, input }) => note.create(ctx.db, ctx.scope, input)),
  update: organisationProcedure("note.write")
    .input(updateNoteInput)
    .mutation(({ ctx, input }) => note.update(ctx.db, ctx.scope, input)),
  pin: organisationProcedure("note.write")
    .input(pinNoteInput)
    .mutation(({ ctx, input }) => note.pin(ctx.db, ctx.scope, input.id, input.pinned)),
  delete: organisationProcedure("note.delete")
    .input(noteInput)
    .mutation(({ ctx, input }) => note.remove(ctx.db, ctx.scope, input.id)),
});
