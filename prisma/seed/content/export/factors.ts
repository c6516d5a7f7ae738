import { makeInt, makeNode } from "#engine/onnx/attributes.ts";
import type { Parameter } from "../training/parameter.ts";
import { assemble, initializer, integers, scalar, value } from "./assemble.ts";

/**
 * Writes a trained matrix factorisation: user [batch], item [batch] → rating [batch] =
 * mean + bias of the user + bias of the item + inner product of their factors.
 *
 * @param parameters as `training/factors.ts` lists them
 */
export function exportFactors(
  parameters: readonly Parameter[],
  mean: number,
  about: { name: string; description: string; metadata: Record<string, string> },
): Uint8Array {
  return assemble({
    ...about,
    inputs: [value("user", "int64", ["batch"]), value("item", "int64", ["batch"])],
    outputs: [value("rating", "float32", ["batch"])],
    nodes: [
      makeNode("Gather", ["user.factors", "user"], ["taste"], { name: "look_up_taste" }),
      makeNode("Gather", ["item.factors", "item"], ["traits"], { name: "look_up_traits" }),
      makeNode("Gather", ["user.bias", "user"], ["user_offset"], { name: "look_up_user_bias" }),
      makeNode("Gather", ["item.bias", "item"], ["item_offset"], { name: "look_up_item_bias" }),
      makeNode("Mul", ["taste", "traits"], ["products"], { name: "multiply" }),
      makeNode("ReduceSum", ["products", "factor_axis"], ["match"], {
        name: "inner_product",
        attribute: [makeInt("keepdims", 0)],
      }),
      makeNode("Add", ["user_offset", "item_offset"], ["offsets"], { name: "add_biases" }),
      makeNode("Add", ["offsets", "mean"], ["expected"], { name: "add_mean" }),
      makeNode("Add", ["match", "expected"], ["rating"], { name: "add_match" }),
    ],
    initializers: [...parameters.map(initializer), integers("factor_axis", [1]), scalar("mean", mean)],
  });
}
