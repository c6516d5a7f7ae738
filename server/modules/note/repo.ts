import type { NoteSubject } from "#contracts/note.ts";
import type { PageInput } from "#contracts/page.ts";
import type { OrganisationScope, TenantScope } from "#contracts/scope.ts";
import type { Tx } from "#server/db/client.ts";

type Where = { readonly projectId: string } | { readonly subject: NoteSubject; readonly subjectId: string };

/** One more than a page: pinned ones first, then by last change. */
export async function list(tx: Tx, scope: OrganisationScope, where: Where, page: PageInput) {
  const of = { ...where, organisationId: scope.organisationId };
  const from = page.cursor ? await tx.note.findFirst({ where: { ...of, id: page.cursor } }) : null;
  return tx.note.findMany({
    where: of,
    orderBy: [{ pinned: "desc" }, { updatedAt: "desc" }, { id: "desc" }],
    ...(from && { cursor: { id: from.id }, skip: 1 }),
    take: page.limit + 1,
  });
}

export function count(tx: Tx, scope: OrganisationScope, where: Where) {
  return tx.note.count({ where: { ...where, organisationId: scope.organisationId } });
}

export function find(tx: Tx, scope: OrganisationScope, id: string) {
  return tx.note.findFirst({ where: { id, organisationId: scope.organisationId } });
}

/** The project that the thing belongs to; undefined where the organisation has no such thing. */
export async function projectOf(tx: Tx, scope: OrganisationScope, subject: NoteSubject, id: string) {
  const where = { id, organisationId: scope.organisationId };
  const select = { projectId: true } as const;
  switch (subject) {
    case "project":
      return (await tx.project.findFirst({ where, select: { id: true } }))?.id;
    case "experiment":
      return (await tx.experiment.findFirst({ where, select }))?.projectId;
    case "run":
      return (await tx.run.findFirst({ where, select }))?.projectId;
    case "model":
      return (await tx.model.findFirst({ where, select }))?.projectId;
  }
}

export function insert(
  tx: Tx,
  scope: OrganisationScope,
  data: { projectId: string; subject: NoteSubject; subjectId: string; title: string; body: string },
) {
  const by = { createdById: scope.userId, updatedById: scope.userId };
  return tx.note.create({
    data: { ...data, ...by, organisationId: scope.organisationId },
    select: { id: true, projectId: true },
  });
}

/** Writes the text if the note is still at `base`: true for exactly one of those who edit the same revision. */
export async function replace(
  tx: Tx,
  scope: OrganisationScope,
  id: string,
  base: number,
  text: { title: string; body: string },
): Promise<boolean> {
  const done = await tx.note.updateMany({
    where: { id, organisationId: scope.organisationId, revision: base },
    data: { ...text, revision: base + 1, updatedById: scope.userId, updatedAt: new Date() },
  });
  return done.count === 1;
}

export function insertRevision(
  tx: Tx,
  scope: OrganisationScope,
  data: { noteId: string; revision: number; title: string; body: string },
) {
  return tx.noteRevision.create({ data: { ...data, authorId: scope.userId }, select: { revision: true } });
}

export function history(tx: Tx, scope: OrganisationScope, noteId: string) {
  return tx.noteRevision.findMany({
    where: { noteId, note: { organisationId: scope.organisationId } },
    select: { revision: true, title: true, authorId: true, at: true },
    orderBy: { revision: "desc" },
    take: 500,
  });
}

export function findRevision(tx: Tx, scope: OrganisationScope, noteId: string, revision: number) {
  return tx.noteRevision.findFirst({
    where: { noteId, revision, note: { organisationId: scope.organisationId } },
  });
}

export async function setPinned(tx: Tx, scope: OrganisationScope, id: string, pinned: boolean) {
  const done = await tx.note.updateManyAndReturn({
    where: { id, organisationId: scope.organisationId },
    data: { pinned },
    select: { projectId: true },
  });
  return done[0];
}

export async function remove(tx: Tx, scope: OrganisationScope, id: string) {
  const found = await tx.note.findFirst({
    where: { id, organisationId: scope.organisationId },
    select: { projectId: true },
  });
  await tx.note.deleteMany({ where: { id, organisationId: scope.organisationId } });
  return found ?? undefined;
}

export function removeOf(tx: Tx, scope: TenantScope, subject: NoteSubject, subjectId: string) {
  return tx.note.deleteMany({ where: { organisationId: scope.organisationId, subject, subjectId } });
}
