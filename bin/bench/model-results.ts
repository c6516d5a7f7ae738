import { existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Measurement } from "#engine/evaluate/measurement.schema.ts";
import { glanceProtocol } from "#engine/runtime/latency-protocol.ts";
import { childOutput, compressInChild, latencyRatio } from "./children.ts";
import { tableOf } from "./table.ts";
import type { BenchRecipe } from "./techniques.ts";

export interface SubjectModel {
  readonly name: string;
  readonly path: string;
  /** A dataset that fits it, where there is one. */
  readonly data: string | undefined;
}

/** One technique on one model. */
export interface ModelResult {
  readonly recipe: string;
  /** Empty for a result; else why there is none. */
  readonly reason: string;
  readonly seconds?: number;
  /** Of the original's file, of its gzip, of its deep form. */
  readonly size?: number;
  readonly gzip?: number;
  readonly encoded?: number;
  readonly quality?: string;
  readonly latency?: string;
}

export async function modelResults(
  subject: SubjectModel,
  recipes: readonly BenchRecipe[],
  folder: string,
): Promise<ModelResult[]> {
  const results: ModelResult[] = [];
  for (const { name, recipe } of recipes) {
    const out = join(folder, "out.onnx");
    rmSync(out, { force: true });
    const cost = await compressInChild(subject.path, recipe, out, subject.data);
    if ("failed" in cost) results.push({ recipe: name, reason: `failed: ${cost.failed}` });
    else if (cost.outcome === "not-applicable" || !existsSync(out))
      results.push({ recipe: name, reason: cost.reason });
    else results.push({ recipe: name, seconds: cost.seconds, ...(await judged(subject, out)) });
  }
  return results;
}

async function judged({ path, data }: SubjectModel, out: string): Promise<Omit<ModelResult, "recipe">> {
  const answer = await childOutput("judge-child.ts", [out, path, data ?? ""]);
  const size = statSync(out).size / statSync(path).size;
  if ("failed" in answer) return { reason: `does not run: ${answer.failed}`, size };
  const all = new Map((JSON.parse(answer.text) as Measurement[]).map((one) => [one.name, one]));
  const share = (name: "size/gzip" | "size/encoded") => {
    const found = all.get(name);
    return found && found.value / (found.value - (found.baselineDelta?.value ?? 0));
  };
  const latency = await latencyRatio(out, path, undefined, glanceProtocol.name);
  return {
    reason: "",
    size,
    quality: qualityText(all),
    gzip: share("size/gzip"),
    encoded: share("size/encoded"),
    latency:
      "failed" in latency
        ? `not timed: ${latency.failed}`
        : `${latency.ratio.toFixed(2)} (${latency.low.toFixed(2)} to ${latency.high.toFixed(2)})`,
  };
}

function qualityText(all: ReadonlyMap<string, Measurement>): string {
  const top1 = all.get("quality/top1");
  if (top1) {
    const change = (top1.baselineDelta?.value ?? 0) * 100;
    return `accuracy ${(top1.value * 100).toFixed(2)} % (${change >= 0 ? "+" : ""}${change.toFixed(2)})`;
  }
  const agreement = all.get("fidelity/argmax-agreement");
  const cosine = all.get("fidelity/cosine");
  const error = all.get("fidelity/relative-error");
  return [
    cosine && `cosine ${cosine.value.toFixed(5)}`,
    agreement && `same class ${(agreement.value * 100).toFixed(1)} %`,
    !cosine && error && `relative error ${error.value.toPrecision(2)}`,
  ]
    .filter(Boolean)
    .join(", ");
}

/** A section of the report: the model and a table of what each technique made of it. */
export function modelSection(subject: SubjectModel, results: readonly ModelResult[]): string {
  const share = (value: number | undefined) => (value === undefined ? "" : `${(value * 100).toFixed(1)} %`);
  const rows = results.map(({ recipe, reason, size, gzip, encoded, quality, latency }) =>
    reason === ""
      ? [recipe, share(size), share(gzip), share(encoded), quality ?? "", latency ?? ""]
      : [recipe, share(size), "", "", reason.slice(0, 240), ""],
  );
  return [
    `## ${subject.name}`,
    "",
    `${statSync(subject.path).size.toLocaleString("en")} bytes${subject.data === undefined ? "" : "; judged on labelled test items"}`,
    "",
    tableOf(["technique", "file", "gzip", "deep form", "how good", "latency"], rows),
    "",
  ].join("\n");
}
