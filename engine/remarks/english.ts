import { visible } from "../onnx/quote.ts";
import { own } from "../own.ts";
import type { Words } from "./parameters.ts";
import type { Remark, RemarkValue, Said } from "./remark.schema.ts";

/** `{name}`, `{name, number}`, `{name, number, ::style}` and `{name, plural, one {…} other {…}}`. */
const argument = /\{(\w+)(?:, (?:number(?:, (::[^{}]+))?|plural, one \{([^{}]*)\} other \{([^{}]*)\}))?\}/g;

/** The number skeletons of ICU that sentences use, as options of `Intl.NumberFormat`. */
export const numberStyles: Readonly<Record<string, Intl.NumberFormatOptions>> = {
  "": {},
  "::@##": { maximumSignificantDigits: 3 },
  "::.00": { minimumFractionDigits: 2, maximumFractionDigits: 2 },
  "::.000000": { minimumFractionDigits: 6, maximumFractionDigits: 6 },
  "::percent .00": { style: "percent", minimumFractionDigits: 2, maximumFractionDigits: 2 },
  "::percent .##": { style: "percent", maximumFractionDigits: 2 },
  "::scientific @@@@": {
    notation: "scientific",
    minimumSignificantDigits: 4,
    maximumSignificantDigits: 4,
  },
};

const formats = new Map<string, Intl.NumberFormat>();

function numberText(value: RemarkValue, style = ""): string {
  if (typeof value !== "number") return String(value);
  const format = formats.get(style) ?? new Intl.NumberFormat("en", own(numberStyles, style));
  formats.set(style, format);
  return format.format(value);
}

export type English = (said: Said) => string;

/**
 * Renders remarks in English for logs, reports and terminals, where nothing of a file may break the line. A page
 * renders them by its own means, which give the same for English; a test holds the two together.
 */
export function englishOf(words: Words): English {
  const valueText = (value: RemarkValue): string => {
    if (typeof value === "string") return visible(value);
    if (typeof value === "number") return String(value);
    if (!isList(value)) return said(value);
    return value.map(valueText).join(value.some((one) => typeof one !== "string") ? "; " : ", ");
  };
  const said = ({ key, params }: Remark): string => {
    const [group = "", name = ""] = key.split(".");
    const text = own(own(words, group) ?? {}, name);
    if (text === undefined)
      return unknownText(
        key,
        Object.entries(params).map(([name, value]) => `${name} ${valueText(value)}`),
      );
    return text.replaceAll(argument, (whole, name: string, style?: string, one?: string, other?: string) => {
      const value = own(params, name) ?? "";
      if (other === undefined)
        return whole.includes(", number") ? numberText(value, style) : valueText(value);
      return ((value === 1 ? one : other) ?? "").replaceAll("#", numberText(value));
    });
  };
  return (told) => (typeof told === "string" ? visible(told) : said(told));
}

const isList = (value: RemarkValue): value is readonly string[] | readonly Remark[] => Array.isArray(value);

/** A remark of another version, without its sentence: what it is called and what it tells. */
export function unknownText(key: string, values: readonly string[]): string {
  return values.length === 0 ? key : `${key} (${values.join(", ")})`;
}
