import { makeInt } from "#engine/onnx/attributes.ts";
import { ruleOf } from "../rule.ts";
import { reshape, transpose } from "../tensors.ts";

/** The other way round. SpaceToDepth undoes mode DCR alone; in CRD the block comes after the channel. */
export const depthToSpaceRule = ruleOf((site, dy, emit) => {
  const [batch = 1, channels = 1, height = 1, width = 1] = site.input(0).dims;
  const block = site.int("blocksize", 1);
  if (site.text("mode", "DCR") === "DCR") {
    return [emit.op("SpaceToDepth", [dy], site.input(0).dims, [makeInt("blocksize", block)])];
  }
  const split = reshape(emit, dy, [batch, channels / block ** 2, height, block, width, block]);
  return [reshape(emit, transpose(emit, split, [0, 1, 3, 5, 2, 4]), site.input(0).dims)];
});
