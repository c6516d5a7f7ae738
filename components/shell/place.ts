import { slug } from "#contracts/slug.ts";

/** Cookie with the organisation and project that were open last, so that pages across projects keep the navigation. */
export const placeCookie = "parsimony-place";

export interface Place {
  readonly org: string;
  readonly project: string | undefined;
}

export function parsePlace(value: string | undefined): Place | undefined {
  const [org, project] = (value ?? "").split(".");
  const parsedOrg = slug.safeParse(org);
  if (!parsedOrg.success) return undefined;
  const parsedProject = slug.safeParse(project);
  return { org: parsedOrg.data, project: parsedProject.success ? parsedProject.data : undefined };
}

export function placeValue({ org, project }: Place): string {
  return project === undefined ? org : `${org}.${project}`;
}
