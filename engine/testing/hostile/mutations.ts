import { attributes } from "./mutations/attributes.ts";
import { nodes } from "./mutations/nodes.ts";
import type { Mutations } from "./mutations/parts.ts";
import { tensors } from "./mutations/tensors.ts";
import { wholes } from "./mutations/wholes.ts";

/** Changes that keep a model a file that can be written, by what they are. */
export const mutations: Mutations = { ...nodes, ...tensors, ...attributes, ...wholes };
