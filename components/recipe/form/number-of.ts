/**
 * What a person means by a number: nothing where nothing is written; what is no number stays as it was written. A comma
 * before each three digits groups them, as this form writes large bounds itself; one comma elsewhere is a decimal one.
 */
export function numberOf(text: string): number | string | undefined {
  const written = text.trim().replace("−", "-");
  const plain = /^-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/.test(written) ? written.replaceAll(",", "") : written;
  if (plain === "") return undefined;
  const number = Number(plain.replace(/^(-?\d+),(\d+)$/, "$1.$2"));
  return Number.isFinite(number) ? number : text;
}
