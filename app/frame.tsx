import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { parsePlace, placeCookie } from "#components/shell/place.ts";
import { PublicFrame } from "#components/shell/public-frame.tsx";
import { Shell } from "#components/shell/shell.tsx";
import { ToSignIn } from "#components/shell/to-sign-in.tsx";
import { isSignedIn, load, loadOrganisation } from "#server/entry/load.ts";

export interface FrameProps {
  /** Organisation of the address; without it, the one that was open last keeps the navigation. */
  readonly org?: string;
  /** True where strangers may read the page too. */
  readonly isPublic?: boolean;
  readonly children: ReactNode;
}

/** Reads what the shell shows and puts it around a page. What a page may show is decided by the API, not here. */
export async function Frame({ org, isPublic, children }: FrameProps) {
  const jar = await cookies();
  if (!(await isSignedIn())) {
    // A token without a session: the session was revoked or has expired.
    const hadSession = jar.getAll().some(({ name }) => name.endsWith("next-auth.session-token"));
    return isPublic ? <PublicFrame>{children}</PublicFrame> : <ToSignIn hadSession={hadSession} />;
  }
  const [me, organisations] = await Promise.all([
    load((api) => api.account.me()),
    load((api) => api.organisation.list()),
  ]);
  const last = parsePlace(jar.get(placeCookie)?.value);
  const slug = org ?? organisations.data.find((row) => row.slug === last?.org)?.slug;
  const organisation = slug === undefined ? undefined : await loadOrganisation(slug);
  return (
    <Shell
      me={me}
      organisations={organisations}
      organisation={organisation}
      lastProject={slug === last?.org ? last?.project : undefined}
    >
      {children}
    </Shell>
  );
}
