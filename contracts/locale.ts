export const locales = ["en", "zh"] as const;
export type Locale = (typeof locales)[number];

/** Cookie that keeps the chosen language. */
export const localeCookie = "parsimony-locale";

export function isLocale(value: unknown): value is Locale {
  return typeof value === "string" && (locales as readonly string[]).includes(value);
}

/** The language for a cookie's value or an Accept-Language header; English where it says nothing we speak. */
export function localeOf(value: string | undefined | null): Locale {
  if (isLocale(value)) return value;
  for (const part of (value ?? "").split(",")) {
    const tag = part.split(";")[0]?.trim().toLowerCase() ?? "";
    if (tag.startsWith("zh")) return "zh";
    if (tag.startsWith("en")) return "en";
  }
  return "en";
}
