import { BitWriter } from "./bit-writer.ts";
import { type PartPlan, partHead, planPart } from "./coding/part.ts";
import type { Payload } from "./payloads.ts";

/** Bytes that are stored together, in the form in which they are. */
export interface Part {
  /** By rising offset. */
  readonly payloads: readonly Payload[];
  /** True where small payloads share it. */
  readonly isShared: boolean;
  /** What the table says of it. */
  readonly table: readonly Uint8Array[];
  readonly data: readonly Uint8Array[];
}

/** Payloads below this stay with the rest of the file: to name them would take more than is gained. */
const smallest = 32;
/** Payloads below this share a part with others of their type, unless a part of their own is much smaller. */
const shared = 8 * 1024;
const muchSmaller = 0.7;

export interface Layout {
  /** Each of a large payload. */
  readonly large: readonly Part[];
  /** Of the small ones: they may as well stay with the rest of the file, and be deflated with it. */
  readonly small: readonly Part[];
}

/** Assigns payloads to parts and chooses a coding for each. */
export function layOut(file: Uint8Array, payloads: readonly Payload[]): Layout {
  const large: Part[] = [];
  const small: Part[] = [];
  const pools = new Map<string, Payload[]>();
  for (const payload of payloads) {
    if (payload.length < smallest) continue;
    const own = planPart(bytesOf(file, [payload]), payload.bits);
    if (payload.length >= shared) {
      large.push(write(own, [payload], false));
    } else if (own.plan.cost < payload.length * muchSmaller) {
      small.push(write(own, [payload], false));
    } else {
      // Raw and typed data of one type have one width in every valid file; in others it may differ.
      const key = `${payload.type} ${payload.bits}`;
      const pool = pools.get(key);
      if (pool === undefined) pools.set(key, [payload]);
      else pool.push(payload);
    }
  }
  for (const pool of pools.values()) {
    const [first] = pool;
    if (first !== undefined) small.push(write(planPart(bytesOf(file, pool), first.bits), pool, true));
  }
  return { large, small };
}

/** At once, since a plan may hold more memory than its tensor. */
function write(chosen: PartPlan, payloads: readonly Payload[], isShared: boolean): Part {
  const { plan } = chosen;
  const details = new BitWriter(256);
  const writer = new BitWriter(plan.dataBytes);
  plan.write(details, writer);
  const data = writer.finish();
  const table = new BitWriter(256);
  table.varint(writer.length);
  table.bits(partHead(chosen), 8);
  return { payloads, isShared, table: [...table.finish(), ...details.finish()], data };
}

/** The bytes of payloads one after another; of a single one a view. */
function bytesOf(file: Uint8Array, payloads: readonly Payload[]): Uint8Array {
  const [first] = payloads;
  if (first !== undefined && payloads.length === 1) {
    return file.subarray(first.offset, first.offset + first.length);
  }
  const out = new Uint8Array(payloads.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const { offset, length } of payloads) {
    out.set(file.subarray(offset, offset + length), at);
    at += length;
  }
  return out;
}
