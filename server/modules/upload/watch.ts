import type { UploadRow } from "#contracts/upload.ts";
import { requireProject } from "#server/modules/project/service.ts";
import { guardedWakeUps, type StreamContext } from "#server/modules/run/live/guard.ts";
import { list } from "./service.ts";

/** The project's uploads now, and again whenever a registration begins, succeeds or is refused. */
export async function* watch(context: StreamContext, projectSlug: string): AsyncGenerator<UploadRow[]> {
  const { db, scope } = context;
  const project = await requireProject(db, scope, projectSlug);
  const events = guardedWakeUps(
    context,
    (message) => message.kind === "registration" && message.projectId === project.id,
  );
  for await (const _ of events) yield await list(db, scope, projectSlug);
}
