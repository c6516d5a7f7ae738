import { slug } from "#contracts/slug.ts";

/**
 * The address of an organisation in what a person typed or pasted: the address itself, `/o/northlake`, or the whole
 * address of one of its pages. undefined where it holds none.
 */
export function organisationAddress(text: string): string | undefined {
  const typed = text.trim().toLowerCase();
  const path = /(?:^|\/)o\/([^/?#\s]+)/.exec(typed)?.[1] ?? typed.replace(/^\/+|\/+$/g, "");
  const parsed = slug.safeParse(path);
  return parsed.success ? parsed.data : undefined;
}
