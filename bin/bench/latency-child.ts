import { indexBounds } from "#engine/evaluate/fidelity/index-bounds.ts";
import { decodeModel } from "#engine/onnx/decode.ts";
import { readFile } from "#engine/runtime/files.ts";
import { measureLatency } from "#engine/runtime/latency.ts";
import { glanceProtocol, quickProtocol } from "#engine/runtime/latency-protocol.ts";
import { runnableFeeds } from "#engine/runtime/runnable-feeds.ts";
import { loadSession } from "#engine/runtime/session.ts";

/** Times one model against another in alternation, batch 1, one thread. Prints the medians of their blocks in ms. */
export interface LatencyPair {
  readonly candidate: readonly number[];
  readonly baseline: readonly number[];
}

const [candidatePath = "", baselinePath = "", symbolic = "", protocol = ""] = process.argv.slice(2);
const bounds = indexBounds(decodeModel(await readFile(baselinePath, 2 ** 31 - 1)).graph);
const subject = async (path: string) => {
  const sessions = [await loadSession(path), await loadSession(path), await loadSession(path)];
  const options = { items: 8, seed: 1, bounds, ...(symbolic !== "" && { symbolic: Number(symbolic) }) };
  const made = await runnableFeeds(sessions[0] as (typeof sessions)[number], options);
  return { sessions, feeds: made.map(({ feeds }) => feeds), itemsPerQuery: 1 };
};
const result = await measureLatency({
  candidate: await subject(candidatePath),
  baseline: await subject(baselinePath),
  protocol: protocol === glanceProtocol.name ? glanceProtocol : quickProtocol,
});
const pair: LatencyPair = {
  candidate: result.candidate.blocks.map(({ medianMs }) => medianMs),
  baseline: (result.baseline?.blocks ?? []).map(({ medianMs }) => medianMs),
};
process.stdout.write(JSON.stringify(pair));
