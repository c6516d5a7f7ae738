/** A tensor's shape as people write it: `1 × 28 × 28`; a size chosen at run time by its name, an unknown one as ?. */
export function shapeText(shape: readonly (number | string | null)[]): string {
  return shape.map((size) => (size === null || size === "" ? "?" : String(size))).join(" × ");
}
