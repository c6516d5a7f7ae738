/** A file, or one array of an NPZ file, as in `data.npz:x_train`. */
export interface Member {
  readonly file: string;
  readonly array: string | undefined;
}

/** What the name of a file in a manifest means. */
export function memberOf(name: string): Member {
  const found = /^(.+\.npz):(.+)$/i.exec(name);
  return { file: found?.[1] ?? name, array: found?.[2] };
}
