import { describe, expect, it } from "vitest";
import { nextToSend, type Transfer, type TransferEvent, transfersAfter } from "./transfers.ts";

const file = (name: string, bytes = 10) => new File([new Uint8Array(bytes)], name);
const listAfter = (...events: TransferEvent[]) =>
  events.reduce<readonly Transfer[]>((list, event) => transfersAfter(list, event), []);
const added: TransferEvent = {
  kind: "added",
  files: [
    { id: "1", file: file("a.csv") },
    { id: "2", file: file("b.csv") },
    { id: "3", file: file("c.csv") },
  ],
};
const received = { uploadId: "u", sha256: "s", bytes: 10 };

describe("transfersAfter", () => {
  it("sends a few at a time", () => {
    const list = listAfter(added, { kind: "started", id: "1" });
    expect(nextToSend(list, 2).map(({ id }) => id)).toEqual(["2"]);
  });

  it("never shows more sent than there is", () => {
    const list = listAfter(added, { kind: "sent", id: "1", sample: { at: 0, bytes: 99 } });
    expect(list[0]?.sent).toBe(10);
  });

  it("starts from nothing after a failure", () => {
    const list = listAfter(
      added,
      { kind: "started", id: "1" },
      { kind: "sent", id: "1", sample: { at: 0, bytes: 5 } },
      { kind: "failed", id: "1", error: "cut" },
      { kind: "retried", id: "1" },
    );
    expect(list[0]).toMatchObject({ state: "waiting", sent: 0, error: undefined, samples: [] });
  });

  it("replaces a file of the same name", () => {
    const list = listAfter(
      added,
      { kind: "received", id: "1", received },
      { kind: "added", files: [{ id: "9", file: file("a.csv", 3) }] },
    );
    expect(list.map(({ id }) => id)).toEqual(["2", "3", "9"]);
  });

  it("forgets what was removed", () => {
    const list = listAfter(added, { kind: "removed", id: "2" }, { kind: "received", id: "2", received });
    expect(list.map(({ id }) => id)).toEqual(["1", "3"]);
  });
});
