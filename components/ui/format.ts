/**
 * Values as people read them: in the reader's locale, with a unit that says what it is. All functions are pure;
 * `locale` is the page's ("en", "zh").
 */

/** Real minus sign (U+2212), as wide as a plus. */
const minus = (text: string): string => text.replace("-", "−");

/** Narrow no-break space between value and unit: they never part at a line's end. */
const gap = "\u202f";

/** Making a formatter takes fifty times as long as using it, and a table has thousands of numbers. */
const formatters = new Map<string, Intl.NumberFormat>();

function formatterOf(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(locale, options);
  formatters.set(key, made);
  return made;
}

function plain(value: number, locale: string, options: Intl.NumberFormatOptions): string {
  if (!Number.isFinite(value)) return "—";
  return minus(formatterOf(locale, options).format(value));
}

/** A count: whole, with the locale's grouping. */
export function formatCount(value: number, locale: string): string {
  return plain(Math.round(value), locale, { maximumFractionDigits: 0 });
}

const raised: Readonly<Record<string, string>> = {
  "-": "⁻",
  "−": "⁻",
  ...Object.fromEntries([..."⁰¹²³⁴⁵⁶⁷⁸⁹"].map((digit, index) => [index, digit])),
};

/** 7.45E-6 as people write it: 7.45 × 10⁻⁶. */
function powerOfTen(text: string): string {
  const [number, power] = text.split("E");
  if (power === undefined) return text;
  return `${number}${gap}×${gap}10${[...power].map((digit) => raised[digit] ?? digit).join("")}`;
}

/** A number to so many significant digits, trailing zeros dropped. */
export function formatNumber(value: number, locale: string, digits = 3): string {
  if (value !== 0 && (Math.abs(value) >= 1e9 || Math.abs(value) < 1e-4)) {
    return powerOfTen(plain(value, locale, { notation: "scientific", maximumSignificantDigits: digits }));
  }
  // Whole digits are never rounded away: 12,345 stays 12,345 with three digits.
  const whole = Math.trunc(Math.abs(value)).toString().length;
  return plain(value, locale, { maximumSignificantDigits: Math.max(digits, whole) });
}

/** Nine digits behind the point are all that a sum of float32 products holds. */
const mostDecimals = 9;

/**
 * Decimals that show `digits` significant digits of the smallest of these amounts, at least `digits` and at most nine:
 * differences that stand together have the same.
 */
export function decimalsFor(amounts: readonly number[], digits = 2): number {
  const sizes = amounts.map(Math.abs).filter((size) => size > 0 && Number.isFinite(size));
  if (sizes.length === 0) return digits;
  return Math.min(mostDecimals, Math.max(digits, digits - 1 - Math.floor(Math.log10(Math.min(...sizes)))));
}

/**
 * A number without a unit. Just below 1, where a cosine tells good from very good by what is missing to 1, as many
 * nines as there are and two digits more; elsewhere four significant digits.
 */
export function formatPlain(value: number, locale: string): string {
  const missing = 1 - Math.abs(value);
  if (missing <= 0 || missing >= 0.1) return formatNumber(value, locale, 4);
  return plain(value, locale, { maximumFractionDigits: Math.max(4, decimalsFor([missing])) });
}

/** A fraction (0.9821) as per cent (98.21%), with a fixed number of decimals so that columns align. */
export function formatPercent(fraction: number, locale: string, decimals = 1): string {
  return plain(fraction, locale, {
    style: "percent",
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/** A share as it was chosen, with the decimals that it has: 90%, 92.5%. */
export function formatShare(fraction: number, locale: string): string {
  return plain(fraction, locale, { style: "percent", maximumFractionDigits: 4 });
}

/** A difference with its sign: +1.2, −0.43; none where it vanishes at this precision. */
export function formatSigned(value: number, locale: string, decimals = 2): string {
  return plain(value, locale, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    signDisplay: "exceptZero",
  });
}

/** A relative difference with its sign, and with as many decimals as its size needs: −74%, −3.2%, +0.08%, 0.00%. */
export function formatSignedPercent(fraction: number, locale: string): string {
  const size = Math.abs(fraction);
  const decimals = size >= 0.1 ? 0 : size >= 0.01 ? 1 : 2;
  return plain(fraction, locale, {
    style: "percent",
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    signDisplay: "exceptZero",
  });
}

/** True where nothing of a formatted number is left but zeros: then a sign, an arrow or a colour would say too much. */
export function isShownAsZero(text: string): boolean {
  return !/[1-9]/.test(text);
}

const steps = (base: number, names: readonly string[]) => ({ base, names });
const byteUnits = {
  decimal: steps(1000, ["B", "kB", "MB", "GB", "TB"]),
  binary: steps(1024, ["B", "KiB", "MiB", "GiB", "TiB"]),
} as const;

/** Bytes; decimal units (kB, MB) for files, binary ones (KiB, MiB) for memory. The unit always says which. */
export function formatBytes(
  bytes: number,
  locale: string,
  system: keyof typeof byteUnits = "decimal",
): string {
  const { base, names } = byteUnits[system];
  let value = bytes;
  let index = 0;
  while (Math.abs(value) >= base * 0.9995 && index < names.length - 1) {
    value /= base;
    index++;
  }
  return `${index === 0 ? formatCount(value, locale) : formatNumber(value, locale)}${gap}${names[index]}`;
}

const prefixes: readonly (readonly [number, string])[] = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
  [1, ""],
  [1e-3, "m"],
  [1e-6, "µ"],
  [1e-9, "n"],
];

/** A value in a unit that takes SI prefixes: 0.0041 J → 4.1 mJ. */
export function formatSi(value: number, unit: string, locale: string, digits = 3): string {
  if (!Number.isFinite(value)) return "—";
  const size = Math.abs(value);
  const [factor, prefix] =
    size === 0
      ? ([1, ""] as const)
      : (prefixes.find(([factor]) => size >= factor * 0.9995) ?? ([1e-9, "n"] as const));
  return `${plain(value / factor, locale, { maximumSignificantDigits: digits })}${gap}${prefix}${unit}`;
}

/** Seconds: SI below a minute, then minutes, hours and days as people say them. */
export function formatDuration(seconds: number, locale: string): string {
  if (!Number.isFinite(seconds)) return "—";
  if (Math.abs(seconds) < 60) return formatSi(seconds, "s", locale);
  const unit = (value: number, name: "minute" | "hour" | "day") =>
    formatterOf(locale, {
      style: "unit",
      unit: name,
      unitDisplay: "short",
      maximumFractionDigits: 0,
    }).format(value);
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return unit(minutes, "minute");
  if (minutes < 48 * 60)
    return [unit(Math.floor(minutes / 60), "hour"), minutes % 60 ? unit(minutes % 60, "minute") : ""]
      .join(" ")
      .trim();
  return unit(Math.round(minutes / 1440), "day");
}

/** Money in a currency (ISO 4217), to three significant digits, because costs per inference are tiny. */
export function formatMoney(value: number, currency: string, locale: string): string {
  return plain(value, locale, {
    style: "currency",
    currency,
    maximumSignificantDigits: 3,
    minimumSignificantDigits: 2,
  });
}
