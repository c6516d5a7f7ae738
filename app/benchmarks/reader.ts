import { cookies } from "next/headers";
import { parsePlace, placeCookie } from "#components/shell/place.ts";
import { isSignedIn, load } from "#server/entry/load.ts";

/**
 * The organisation whose boards are seen besides the public ones: that of the address, else the one that was open
 * last, else the reader's first. undefined for a stranger, and for a person without an organisation.
 */
export async function readerOrganisation(wanted: string) {
  if (!(await isSignedIn())) return undefined;
  const { data } = await load((api) => api.organisation.list());
  const last = parsePlace((await cookies()).get(placeCookie)?.value)?.org;
  const bySlug = (slug: string | undefined) => data.find((row) => row.slug === slug);
  return bySlug(wanted) ?? bySlug(last) ?? data[0];
}

/** Query for links between boards: the organisation is named only where the address named it. */
export function queryOf(wanted: string, organisation: { readonly slug: string } | undefined): string {
  return wanted !== "" && organisation?.slug === wanted ? `?org=${wanted}` : "";
}
