import { detectFormat } from "#engine/formats/detect.ts";
import { convertModel } from "#engine/runtime/conversion/convert.ts";
import { sourcesFrom } from "../cli/sources.ts";
for (const p of process.argv.slice(2)) {
  try {
    const files = sourcesFrom(p);
    const t = performance.now();
    const r = await convertModel(detectFormat(files)!, files, "/tmp/out.onnx");
    console.log(p, ((performance.now() - t) / 1000).toFixed(1), "s", JSON.stringify(r.transposes), JSON.stringify(r.parity.outputs), r.parity.reference);
  } catch (e) { console.log(p, String(e)); }
}
