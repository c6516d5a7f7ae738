import { EngineError } from "#engine/error.ts";

/** Bounds of what decoding a file may cost. Two bytes of a hostile file can ask for a whole object. */
export interface DecodeLimits {
  /** Protobuf itself ends at 2 GiB; a larger model keeps its weights as external data. */
  readonly maxBytes: number;
  /** Nesting of messages; 100 is what protobuf libraries, and so ONNX Runtime, accept. */
  readonly maxDepth: number;
  /** Messages in all: 200 to 500 bytes of memory each. Graphs of 100,000 nodes have about a million. */
  readonly maxMessages: number;
  /**
   * The main graph, branches and bodies. Each is a scope of its own with names of its own, which costs every technique
   * ten times what a node costs; models of real work have some hundreds.
   */
  readonly maxGraphs: number;
  /** Strings, numbers and byte strings in plain lists: up to 60 bytes of memory each. */
  readonly maxValues: number;
  /** Bytes of typed arrays that typed data unpacks to: one byte in the file can become eight. */
  readonly maxUnpackedBytes: number;
}

export const defaultLimits: DecodeLimits = {
  maxBytes: 2 ** 31 - 1,
  maxDepth: 100,
  maxMessages: 2_000_000,
  maxGraphs: 20_001,
  maxValues: 8_000_000,
  maxUnpackedBytes: 2 ** 30,
};

/** Counts against the limits while a file is read. */
export class Budget {
  readonly limits: DecodeLimits;
  readonly #where: () => string;
  #messages = 0;
  #graphs = 0;
  #values = 0;
  #unpacked = 0;

  constructor(limits: DecodeLimits, where: () => string) {
    this.limits = limits;
    this.#where = where;
  }

  message(depth: number): void {
    if (depth > this.limits.maxDepth) this.#exceeded(`more than ${this.limits.maxDepth} nested messages`);
    if (++this.#messages > this.limits.maxMessages) {
      this.#exceeded(`more than ${this.limits.maxMessages} messages`);
    }
  }

  graph(): void {
    if (++this.#graphs > this.limits.maxGraphs) {
      this.#exceeded(`more than ${this.limits.maxGraphs} graphs (branches and bodies)`);
    }
  }

  value(): void {
    if (++this.#values > this.limits.maxValues)
      this.#exceeded(`more than ${this.limits.maxValues} list entries`);
  }

  unpacked(bytes: number): void {
    this.#unpacked += bytes;
    if (this.#unpacked > this.limits.maxUnpackedBytes) {
      this.#exceeded(`typed data that unpacks to more than ${this.limits.maxUnpackedBytes} bytes`);
    }
  }

  #exceeded(what: string): never {
    throw new EngineError("limit-exceeded", `The file has ${what}`, this.#where());
  }
}
