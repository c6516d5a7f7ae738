import { EngineError } from "#engine/error.ts";
import type { Conversion } from "#engine/formats/conversion.schema.ts";
import { detectFormat } from "#engine/formats/detect.ts";
import { convertModel } from "#engine/runtime/conversion/convert.ts";
import type { ConversionRequest } from "./conversion.ts";
import { atPath } from "./load.ts";
import { serve } from "./serve.ts";
import { sourcesFrom } from "./sources.ts";

/** The process that converts: it executes the original and what was made of it. */
serve<ConversionRequest, Conversion>(async ({ path, out }, report) => {
  report("converting, and comparing with the original", 0);
  return await atPath(path, async () => {
    const files = sourcesFrom(path);
    const format = detectFormat(files);
    if (format === undefined) {
      throw new EngineError("not-a-model", "It is of no other format: ONNX models need no conversion");
    }
    return await convertModel(format, files, out);
  });
});
