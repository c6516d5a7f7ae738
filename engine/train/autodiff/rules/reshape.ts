import { ruleOf } from "../rule.ts";
import { reshape } from "../tensors.ts";

/** Reshape, Flatten, Squeeze, Unsqueeze and Identity move nothing: the gradient takes the input's shape. */
export const reshapeRule = ruleOf((site, dy, emit) => [reshape(emit, dy, site.input(0).dims)]);
