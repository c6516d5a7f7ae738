/** Cookie in which the browser states its time zone, so that the server renders the reader's own dates. */
export const zoneCookie = "parsimony-zone";

/** A zone that this server knows; UTC for anything else. */
export function zoneOf(value: string | undefined): string {
  if (!value) return "UTC";
  try {
    const zone = decodeURIComponent(value);
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return "UTC";
  }
}
