import { signOut } from "next-auth/react";

/** Signs out: the server revokes the session row, the browser forgets the token and everything that was loaded. */
export async function leave(): Promise<void> {
  await signOut({ redirect: false });
  window.location.assign("/signin?reason=out");
}
