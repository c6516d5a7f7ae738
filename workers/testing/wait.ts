/** Looks until `look` finds something, and says what it last saw when the time is over. */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined | false | null>,
  seconds = 40,
  seen: () => string = () => "",
): Promise<T> {
  let last: unknown;
  for (const until = Date.now() + seconds * 1_000; Date.now() < until; ) {
    try {
      const found = await look();
      if (found) return found;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  throw new Error(
    `Waited ${seconds} s in vain for ${what}. ${last instanceof Error ? last.message : ""}\n${seen()}`,
  );
}
