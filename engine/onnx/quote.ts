/** Longest piece of a name from a file that a message repeats: messages stay one readable line. */
const longest = 80;

/** A text with everything escaped that would break its line or drive a terminal. */
export function visible(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly the characters to escape
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A name from a file made safe for one line of a message: control characters escaped, long ones cut. */
export function plain(name: string): string {
  return visible(name.length > longest ? `${name.slice(0, longest)}…` : name);
}

/** `plain` in double quotes. */
export function quote(name: string): string {
  return `"${plain(name)}"`;
}
