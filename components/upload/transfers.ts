import type { Received } from "#contracts/upload.ts";
import { rateOf, type Sample, withSample } from "./rate.ts";

export interface Transfer {
  readonly id: string;
  readonly file: File;
  readonly state: "waiting" | "sending" | "received" | "failed";
  readonly sent: number;
  readonly samples: readonly Sample[];
  /** Bytes per second; null until it can be told. */
  readonly rate: number | null;
  readonly received: Received | undefined;
  readonly error: unknown;
}

export type TransferEvent =
  | { readonly kind: "added"; readonly files: readonly { readonly id: string; readonly file: File }[] }
  | { readonly kind: "started"; readonly id: string }
  | { readonly kind: "sent"; readonly id: string; readonly sample: Sample }
  | { readonly kind: "received"; readonly id: string; readonly received: Received }
  | { readonly kind: "failed"; readonly id: string; readonly error: unknown }
  | { readonly kind: "retried"; readonly id: string }
  | { readonly kind: "removed"; readonly id: string };

const fresh = { sent: 0, samples: [], rate: null, received: undefined, error: undefined } as const;

/** The list of files on their way, after an event. A file with the name of an earlier one takes its place. */
export function transfersAfter(list: readonly Transfer[], event: TransferEvent): readonly Transfer[] {
  switch (event.kind) {
    case "added": {
      const names = new Set(event.files.map(({ file }) => file.name));
      const kept = list.filter((transfer) => !names.has(transfer.file.name));
      return [
        ...kept,
        ...event.files.map(({ id, file }) => ({ id, file, state: "waiting" as const, ...fresh })),
      ];
    }
    case "removed":
      return list.filter((transfer) => transfer.id !== event.id);
    case "started":
      return change(list, event.id, () => ({ ...fresh, state: "sending" }));
    case "sent":
      return change(list, event.id, (transfer) => {
        const samples = withSample(transfer.samples, event.sample);
        return { sent: Math.min(event.sample.bytes, transfer.file.size), samples, rate: rateOf(samples) };
      });
    case "received":
      return change(list, event.id, () => ({ state: "received", received: event.received }));
    case "failed":
      return change(list, event.id, () => ({ state: "failed", error: event.error }));
    case "retried":
      return change(list, event.id, () => ({ ...fresh, state: "waiting" }));
  }
}

function change(
  list: readonly Transfer[],
  id: string,
  with_: (transfer: Transfer) => Partial<Transfer>,
): readonly Transfer[] {
  return list.map((transfer) => (transfer.id === id ? { ...transfer, ...with_(transfer) } : transfer));
}

/** What may be sent now, so that at most `most` are under way. */
export function nextToSend(list: readonly Transfer[], most: number): readonly Transfer[] {
  const busy = list.filter((transfer) => transfer.state === "sending").length;
  return list.filter((transfer) => transfer.state === "waiting").slice(0, Math.max(0, most - busy));
}
