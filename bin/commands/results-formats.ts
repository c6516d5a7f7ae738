import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { install, root } from "../lib/install.ts";
import { explain, stage } from "../lib/stage.ts";

/**
 * `npm run results:formats [-- PART…]`: converts every real model of another format in the shared data beside the
 * checkout, into docs/formats.md. With parts of names it takes those models alone and prints the report.
 */
await stage("dependencies", install);
const { sharedData } = await import("#engine/testing/shared.ts");
const { machineText, thisMachine } = await import("../bench/machine.ts");
const { childOutput } = await import("../bench/children.ts");
const { formatReport } = await import("../bench/format-report.ts");
type Subject = import("../bench/format-report.ts").FormatSubject;

const folder = mkdtempSync(join(tmpdir(), "parsimony-formats-"));
try {
  const manifest = sharedData("data/MANIFEST.tsv");
  if (manifest === undefined) throw new Error("The shared data is not beside the checkout");
  const data = dirname(manifest);
  const rows = readFileSync(manifest, "utf8")
    .split("\n")
    .map((line) => line.split("\t"));
  const originOf = (name: string) => {
    const [, repository = "unknown", , , licence = "unknown"] =
      rows.find(([file = ""]) => file.startsWith(name)) ?? [];
    return { origin: repository, licence };
  };
  const parts = process.argv.slice(2);
  const names = ["tfjs", "tflite"]
    .flatMap((part) => modelsIn(data, part))
    .filter((name) => parts.length === 0 || parts.some((part) => name.includes(part)));
  const subjects: Subject[] = [];
  for (const name of names) {
    const subject = await stage(name, async () => {
      const answer = await childOutput("format-child.ts", [join(data, name), join(folder, "model.onnx")]);
      const result = "failed" in answer ? answer : JSON.parse(answer.text);
      const said = "failed" in answer ? answer.failed : "converted";
      return { said, value: { name, ...originOf(name), result } };
    });
    subjects.push(subject);
  }
  const text = formatReport(subjects, machineText(thisMachine()));
  if (parts.length > 0) process.stdout.write(`\n${text}`);
  else writeFileSync(join(root, "docs/formats.md"), text);
} catch (error) {
  explain(error);
  process.exitCode = 2;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Folders with a description, and files that are models by themselves. */
function modelsIn(data: string, part: string): string[] {
  const found: string[] = [];
  for (const name of readdirSync(join(data, part)).sort()) {
    const path = `${part}/${name}`;
    if (/\.tflite$/i.test(name)) found.push(path);
    else if (statSync(join(data, path)).isDirectory()) {
      const inside = readdirSync(join(data, path));
      if (inside.some((file) => /\.json$/i.test(file))) found.push(path);
      else found.push(...modelsIn(data, path));
    }
  }
  return found;
}
