import { z } from "zod";
import { linkInput } from "#contracts/share.ts";
import { slug } from "#contracts/slug.ts";
import { currentSession } from "#server/auth/current.ts";
import { linkShareScope, organisationScope, receivedShareScope } from "#server/auth/gate.ts";
import { addressOf } from "#server/auth/options.ts";
import { consume } from "#server/auth/rate-limit.ts";
import type { Session } from "#server/auth/session.ts";
import { db } from "#server/db/client.ts";
import { download } from "#server/modules/share/view.ts";
import { answering, parsed } from "./answer.ts";
import { serveFile } from "./serve-file.ts";

const run = z.coerce.number().int().min(0);
/** By a grant to one's organisation, or by a link's token. */
const target = z.union([
  z.object({ org: slug, grant: z.uuid(), run }),
  z.object({ token: linkInput.shape.token, run }),
]);

/** `GET …?org=…&grant=…&run=…` or `GET …?token=…&run=…`: the model of a shared run. */
export async function handleSharedDownload(request: Request): Promise<Response> {
  return answering(async () => sendShared(await currentSession(), request));
}

export async function sendShared(session: Session | undefined, request: Request): Promise<Response> {
  const asked = parsed(target, Object.fromEntries(new URL(request.url).searchParams));
  if ("token" in asked) {
    await consume("link", addressOf(request.headers));
    return serveFile(request, await download(db(), await linkShareScope(db(), asked.token), asked.run));
  }
  const member = await organisationScope(db(), session, asked.org, "shared.read");
  const scope = await receivedShareScope(db(), member, asked.grant);
  return serveFile(request, await download(db(), scope, asked.run));
}
