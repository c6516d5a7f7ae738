import { parseDocument } from "yaml";
import { EngineError } from "./error.ts";
import { type Recipe, type RecipeInput, recipeSchema } from "./recipe.schema.ts";

/** A recipe that has a name of its own, and what a chooser needs to know about it. */
export interface NamedRecipe {
  readonly recipe: Recipe;
  /** What it does, in one sentence. */
  readonly summary: string;
  /** For which models it is meant. */
  readonly suits: string;
  readonly needs: "nothing" | "calibration data" | "training data";
}

function named(recipe: RecipeInput, about: Omit<NamedRecipe, "recipe">): NamedRecipe {
  return { recipe: recipeSchema.parse(recipe), ...about };
}

export const namedRecipes: readonly NamedRecipe[] = [
  named(
    { name: "float16", steps: [{ use: "cast.float16" }] },
    {
      summary: "Stores and computes in float16; inputs and outputs stay float32. Half the size.",
      suits: "any network with float32 weights; faster only on hardware with float16 units",
      needs: "nothing",
    },
  ),
  named(
    { name: "int8-dynamic", steps: [{ use: "quantize.dynamic" }] },
    {
      summary: "8-bit weights, activations quantised while the model runs. A quarter of the size.",
      suits: "dense networks, transformers, recurrent networks and embeddings; not convolutions",
      needs: "nothing",
    },
  ),
  named(
    { name: "int8-static", steps: [{ use: "quantize.static" }] },
    {
      summary:
        "8-bit weights and activations, with ranges learned from calibration items. A quarter of the size.",
      suits: "convolutional and dense networks; the fastest on processors with integer instructions",
      needs: "calibration data",
    },
  ),
  named(
    { name: "int4-block", steps: [{ use: "quantize.blockwise" }] },
    {
      summary:
        "4-bit weights with a scale for every 128 of them; activations stay in float. An eighth of the size.",
      suits: "transformers and large dense layers, above all one item at a time; not convolutions",
      needs: "nothing",
    },
  ),
  named(
    { name: "prune-magnitude", steps: [{ use: "prune.magnitude" }] },
    {
      summary: "Sets the half of the weights with the smallest magnitude to zero.",
      suits: "any network; the gain is in the encoded size, neither in the raw file nor in speed",
      needs: "nothing",
    },
  ),
  named(
    { name: "prune-normalized", steps: [{ use: "prune.normalized" }] },
    {
      summary: "Sets weights to zero that are small beside the spread of their own tensor.",
      suits: "networks whose layers differ in scale; the gain is in the encoded size",
      needs: "nothing",
    },
  ),
  named(
    { name: "prune-structured", steps: [{ use: "prune.structured" }] },
    {
      summary:
        "Removes the least important third of neurons, channels and attention heads: a smaller dense network.",
      suits: "any network that can be trained again afterwards; faster everywhere, less accurate until then",
      needs: "nothing",
    },
  ),
  named(
    { name: "low-rank", steps: [{ use: "factorize.svd" }] },
    {
      summary: "Replaces weight matrices by two thinner ones that keep 90 % of the energy.",
      suits: "wide dense layers and transformers; nothing is done where it would not save parameters",
      needs: "nothing",
    },
  ),
  named(
    { name: "cluster", steps: [{ use: "cluster.kmeans" }] },
    {
      summary: "Lets the weights of a tensor share 16 values.",
      suits: "any network; the gain is in the encoded size, neither in the raw file nor in speed",
      needs: "nothing",
    },
  ),
  named(
    { name: "distill", steps: [{ use: "prune.structured" }, { use: "train.distill" }] },
    {
      summary:
        "Removes the least important third of neurons, channels and attention heads, then lets the original teach what is left.",
      suits: "any network that has labelled data to train on; smaller and faster everywhere",
      needs: "training data",
    },
  ),
  named(
    {
      name: "deep-compression",
      steps: [
        { use: "prune.magnitude", scope: "layer" },
        { use: "cluster.kmeans", clusters: 32 },
      ],
    },
    {
      summary: "Half of the weights become zero, the rest share 32 values: small once it is encoded.",
      suits: "networks that are stored or sent in the deep form; without retraining",
      needs: "nothing",
    },
  ),
];

export function findRecipe(name: string): NamedRecipe | undefined {
  return namedRecipes.find((entry) => entry.recipe.name === name);
}

/** A recipe file holds options and names of nodes; megabytes of it are a mistake or an attack. */
const maxRecipeLength = 1_000_000;

/**
 * Reads a recipe file, YAML or JSON.
 *
 * @throws EngineError "invalid-option" that names the line or the field, such as `steps[0].sparsity`
 */
export function parseRecipe(text: string): Recipe {
  if (text.length > maxRecipeLength) {
    throw new EngineError("limit-exceeded", `A recipe file has at most ${maxRecipeLength} characters`);
  }
  const document = parseDocument(text, { version: "1.2", schema: "core", prettyErrors: true });
  const broken = document.errors[0];
  if (broken !== undefined) {
    const line = broken.linePos?.[0].line;
    const message = broken.message.split("\n")[0] ?? "";
    throw new EngineError(
      "invalid-option",
      `The recipe is neither YAML nor JSON: ${message}`,
      line === undefined ? undefined : `line ${line}`,
    );
  }
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw new EngineError("invalid-option", "The recipe repeats its anchors without end", undefined, {
      cause,
    });
  }
  return checkRecipe(content);
}

/**
 * Checks what came from a file or a request against the schema.
 *
 * @throws EngineError "invalid-option" that lists every field that is wrong
 */
export function checkRecipe(content: unknown): Recipe {
  const parsed = recipeSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${fieldName(issue.path)}: ${issue.message}`);
  throw new EngineError("invalid-option", `The recipe is not valid. ${faults.slice(0, 10).join("; ")}`);
}

/** `["steps", 0, "sparsity"]` → `steps[0].sparsity`. */
function fieldName(path: readonly PropertyKey[]): string {
  const name = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return name.replace(/^\./, "") || "recipe";
}
