import type { z } from "zod";
import { AppError } from "#contracts/errors.ts";
import type {
  createNoteInput,
  listNotesInput,
  NoteDetail,
  NoteNow,
  NoteRevisionDetail,
  NoteRevisionRow,
  NoteRow,
  NoteSubject,
  projectNotesInput,
  updateNoteInput,
} from "#contracts/note.ts";
import type { Page, PageInput } from "#contracts/page.ts";
import type { OrganisationScope, TenantScope } from "#contracts/scope.ts";
import type { Db, Tx } from "#server/db/client.ts";
import { notify } from "#server/live/notify.ts";
import { namesOf } from "#server/modules/person/service.ts";
import { requireProject } from "#server/modules/project/service.ts";
import * as repo from "./repo.ts";

/** Longer than any list shows of it, so that marks of Markdown that the end cuts open stay out of sight. */
const excerptLength = 600;

/** The beginning of a text; "…" says that it goes on, after a whole word where words are set apart. */
function excerptOf(body: string): string {
  if (body.length <= excerptLength) return body;
  const cut = body.slice(0, excerptLength - 1).toWellFormed();
  const end = cut.search(/\s\S{0,30}$/);
  return `${(end < 0 ? cut : cut.slice(0, end)).trimEnd()}…`;
}

/** Notes on one thing of the organisation. */
export async function list(db: Db, scope: OrganisationScope, input: z.output<typeof listNotesInput>) {
  const { subject, subjectId } = input;
  if (!(await repo.projectOf(db, scope, subject, subjectId))) throw new AppError("notFound");
  return page(db, scope, { subject, subjectId }, input);
}

/** All notes of a project, whatever they are on. */
export async function listOfProject(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof projectNotesInput>,
) {
  const project = await requireProject(db, scope, input.project);
  return page(db, scope, { projectId: project.id }, input);
}

async function page(
  db: Db,
  scope: OrganisationScope,
  where: Parameters<typeof repo.list>[2],
  input: PageInput,
): Promise<Page<NoteRow>> {
  const [found, total] = await Promise.all([
    repo.list(db, scope, where, input),
    repo.count(db, scope, where),
  ]);
  const nameOf = await namesOf(
    db,
    scope,
    found.map((note) => note.updatedById),
  );
  const rows = found.slice(0, input.limit).map((note) => ({
    id: note.id,
    subject: note.subject,
    subjectId: note.subjectId,
    title: note.title,
    excerpt: excerptOf(note.body),
    revision: note.revision,
    pinned: note.pinned,
    updatedBy: nameOf(note.updatedById),
    updatedAt: note.updatedAt,
  }));
  return { rows, nextCursor: found.length > input.limit ? (rows.at(-1)?.id ?? null) : null, total };
}

export async function get(db: Db, scope: OrganisationScope, id: string): Promise<NoteDetail> {
  const note = await repo.find(db, scope, id);
  if (!note) throw new AppError("notFound");
  const nameOf = await namesOf(db, scope, [note.createdById, note.updatedById]);
  const { subject, subjectId, title, body, revision, pinned, createdAt, updatedAt } = note;
  return {
    id,
    subject,
    subjectId,
    title,
    body,
    revision,
    pinned,
    createdBy: nameOf(note.createdById),
    createdAt,
    updatedBy: nameOf(note.updatedById),
    updatedAt,
  };
}

export async function create(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof createNoteInput>,
): Promise<{ id: string; revision: number }> {
  const { subject, subjectId, title, body } = input;
  return db.$transaction(async (tx) => {
    const projectId = await repo.projectOf(tx, scope, subject, subjectId);
    if (!projectId) throw new AppError("notFound");
    const { id } = await repo.insert(tx, scope, { projectId, subject, subjectId, title, body });
    await repo.insertRevision(tx, scope, { noteId: id, revision: 1, title, body });
    await notify(tx, { kind: "note", noteId: id, projectId });
    return { id, revision: 1 };
  });
}

/**
 * Saves an edit of the revision `baseRevision`. A save that changes nothing makes no revision.
 *
 * @throws AppError `noteChanged` where somebody has saved since, with the text that is there now (`NoteNow`)
 */
export async function update(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof updateNoteInput>,
): Promise<{ revision: number }> {
  const { id, baseRevision, title, body } = input;
  return db.$transaction(async (tx) => {
    const before = await repo.find(tx, scope, id);
    if (!before) throw new AppError("notFound");
    const isSame = before.title === title && before.body === body;
    if (before.revision === baseRevision && isSame) return { revision: baseRevision };
    if (!(await repo.replace(tx, scope, id, baseRevision, { title, body }))) {
      throw new AppError("noteChanged", { ...(await now(tx, scope, id)) });
    }
    const revision = baseRevision + 1;
    await repo.insertRevision(tx, scope, { noteId: id, revision, title, body });
    await notify(tx, { kind: "note", noteId: id, projectId: before.projectId });
    return { revision };
  });
}

async function now(tx: Tx, scope: OrganisationScope, id: string): Promise<NoteNow> {
  const note = await repo.find(tx, scope, id);
  if (!note) throw new AppError("notFound");
  const nameOf = await namesOf(tx, scope, [note.updatedById]);
  const { revision, title, body, updatedAt } = note;
  return { revision, title, body, author: nameOf(note.updatedById), at: updatedAt.toISOString() };
}

/** Newest first. */
export async function history(db: Db, scope: OrganisationScope, id: string): Promise<NoteRevisionRow[]> {
  const rows = await repo.history(db, scope, id);
  if (rows.length === 0) throw new AppError("notFound");
  const nameOf = await namesOf(
    db,
    scope,
    rows.map((row) => row.authorId),
  );
  return rows.map(({ authorId, ...row }) => ({ ...row, author: nameOf(authorId) }));
}

export async function revision(
  db: Db,
  scope: OrganisationScope,
  id: string,
  number: number,
): Promise<NoteRevisionDetail> {
  const row = await repo.findRevision(db, scope, id, number);
  if (!row) throw new AppError("notFound");
  const nameOf = await namesOf(db, scope, [row.authorId]);
  return {
    revision: row.revision,
    title: row.title,
    body: row.body,
    at: row.at,
    author: nameOf(row.authorId),
  };
}

export async function pin(db: Db, scope: OrganisationScope, id: string, pinned: boolean): Promise<void> {
  await db.$transaction(async (tx) => {
    const done = await repo.setPinned(tx, scope, id, pinned);
    if (!done) throw new AppError("notFound");
    await notify(tx, { kind: "note", noteId: id, projectId: done.projectId });
  });
}

export async function remove(db: Db, scope: OrganisationScope, id: string): Promise<void> {
  await db.$transaction(async (tx) => {
    const done = await repo.remove(tx, scope, id);
    if (!done) throw new AppError("notFound");
    await notify(tx, { kind: "note", noteId: id, projectId: done.projectId });
  });
}

/** For whoever removes the thing itself: its notes go with it. */
export async function removeNotesOf(
  tx: Tx,
  scope: TenantScope,
  subject: NoteSubject,
  subjectId: string,
): Promise<void> {
  await repo.removeOf(tx, scope, subject, subjectId);
}
