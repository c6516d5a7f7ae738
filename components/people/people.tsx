"use client";

import type { Loaded } from "#components/api/use-loaded.ts";
import { Columns } from "#components/ui/columns.tsx";
import type { InvitationRow, MemberRow, TeamRow } from "#contracts/organisation.ts";
import { Invitations } from "./invitations.tsx";
import { Members } from "./members.tsx";
import { Roles } from "./roles.tsx";
import { Teams } from "./teams.tsx";

export interface PeopleProps {
  readonly org: string;
  readonly members: Loaded<MemberRow[]>;
  readonly teams: Loaded<TeamRow[]>;
  /** Absent where the reader's role does not see invitations. */
  readonly invitations: Loaded<InvitationRow[]> | undefined;
}

/** Who is in the organisation, who is invited, and which teams there are. */
export function People({ org, members, teams, invitations }: PeopleProps) {
  return (
    <Columns
      side={
        <>
          <Teams org={org} teams={teams} />
          <Roles />
        </>
      }
    >
      <Members org={org} members={members} />
      {invitations && <Invitations org={org} invitations={invitations} />}
    </Columns>
  );
}
