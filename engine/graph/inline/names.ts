/**
 * The names that one graph of a function's body defines, and what they are called after inlining. A graph inside sees
 * the names around it unless it defines them itself.
 */
export class Names {
  readonly #names = new Map<string, string>();
  readonly #parent: Names | undefined;

  constructor(parent?: Names) {
    this.#parent = parent;
  }

  set(name: string, becomes: string): void {
    this.#names.set(name, becomes);
  }

  /** What this graph itself calls the name; undefined where it does not define it. */
  own(name: string): string | undefined {
    return this.#names.get(name);
  }

  /** The name as it is after inlining. One that nothing in the function defines belongs to somebody else and stays. */
  of(name: string): string {
    if (name === "") return name;
    return this.#names.get(name) ?? (this.#parent === undefined ? name : this.#parent.of(name));
  }
}
