import { parse, stringify } from "devalue";

/**
 * How answers and inputs travel between browser and server: JSON in which dates stay dates and what stands twice is
 * written once. Values only: an instance of a class is refused. The browser's half is in `components/api/links.ts`.
 */
export const wire = {
  serialize: (value: unknown): string => stringify(value),
  deserialize: (text: string): unknown => parse(text),
};
