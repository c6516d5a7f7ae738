"use client";

import { useTRPC } from "#components/api/client.ts";
import { type Loaded, useLoaded } from "#components/api/use-loaded.ts";
import { Columns } from "#components/ui/columns.tsx";
import type { Me, SessionRow } from "#contracts/account.ts";
import { MailNotice } from "./mail-notice.tsx";
import { Password } from "./password.tsx";
import { Profile } from "./profile.tsx";
import { Sessions } from "./sessions.tsx";

/** A person's own account: name and language, sessions, password. */
export function Account({ me, sessions }: { me: Loaded<Me>; sessions: Loaded<SessionRow[]> }) {
  const trpc = useTRPC();
  const { data } = useLoaded(trpc.account.me.queryOptions(), me);
  return (
    <Columns
      side={
        <>
          <Profile me={data} />
          <Password />
        </>
      }
    >
      {data.mailFolder !== null && <MailNotice folder={data.mailFolder} />}
      <Sessions sessions={sessions} />
    </Columns>
  );
}
