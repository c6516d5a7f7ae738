import { compressModel } from "#engine/compress.ts";
import { decodeModel } from "#engine/onnx/decode.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import { graph, node, weight, value } from "#engine/passes/testing/build.ts";
import { recipeSchema } from "#engine/recipe.schema.ts";
import { ifOf, range, wrap } from "#engine/testing/hostile/large/build.ts";
import { refusingTools } from "#engine/testing/hostile/tools.ts";
const many = 20_000;
const bytes = joinChunks(encodeModel(wrap(range(many).map((at) => ifOf(graph({ node: [node("MatMul", ["x", "w"], [`b${at}`])], output: [value(`b${at}`, [4])] }), at)), "if0", [weight("w", [256, 4])])));
    const read = decodeModel(bytes);
    const recipe = recipeSchema.parse({ name: "x", steps: [{ use: "quantize.static" }] });
    const t = performance.now();
    try { await compressModel(read, recipe, { tools: refusingTools }); } catch (e) { console.log(String(e).slice(0, 80), Math.round(performance.now() - t)); }
