import { maxRecipeName } from "#contracts/recipe.ts";
import { isStepName } from "#contracts/step-form.ts";
import {
  draftOfStep,
  isRecord,
  type Options,
  type StepDraft,
  withoutDefaults,
  withValue,
} from "#contracts/step-options.ts";
import { type Recipe, recipeSchema } from "#engine/recipe.schema.ts";
import { type Fault, faultsOf } from "./fault.ts";

/** A step with a name of its own while it is written: it keeps it when it is moved. */
export interface DraftStep extends StepDraft {
  readonly id: string;
}

/** A recipe while it is written. Only its outline is sure: names, numbers and options may still be wrong. */
export interface Draft {
  readonly name: string;
  readonly seed: unknown;
  readonly steps: readonly DraftStep[];
}

export const emptyDraft: Draft = { name: "", seed: 0, steps: [] };

/** A draft as the file of a recipe holds it: without what equals a default. */
export function contentOf({ name, seed, steps }: Draft): Readonly<Record<string, unknown>> {
  return {
    name,
    ...(seed !== 0 && seed !== undefined && { seed }),
    steps: steps.map((step) => ({ use: step.use, ...withoutDefaults(step) })),
  };
}

/** The outline that a form can show: a mapping with a list of steps, each a mapping with a `use`, and nothing else. */
export function draftOf(content: unknown, before: Draft = emptyDraft): Draft | undefined {
  if (!isRecord(content)) return undefined;
  const { name = "", seed = 0, steps = [], ...others } = content;
  if (typeof name !== "string" || !Array.isArray(steps) || Object.keys(others).length > 0) return undefined;
  const made: DraftStep[] = [];
  for (const [index, step] of steps.entries()) {
    if (!isRecord(step) || typeof step.use !== "string") return undefined;
    const { use, ...options } = step;
    // A step that is still there keeps its name, so that what is open stays open.
    const same = before.steps[index]?.use === use ? before.steps[index]?.id : undefined;
    const taken = new Set([...before.steps, ...made].map(({ id }) => id));
    made.push({ id: same ?? freeId(taken), use, options });
  }
  return { name, seed, steps: made };
}

function freeId(taken: ReadonlySet<string>): string {
  let number = taken.size + 1;
  while (taken.has(`s${number}`)) number++;
  return `s${number}`;
}

export function draftOfRecipe({ name, seed, steps }: Recipe): Draft {
  return withSteps({ name, seed, steps: [] }, steps.map(draftOfStep), 0);
}

export interface Checked {
  /** The recipe that the draft stands for; undefined while something is wrong. */
  readonly recipe: Recipe | undefined;
  readonly faults: readonly Fault[];
}

/** What is wrong with a draft, and the recipe where nothing is. */
export function check(draft: Draft): Checked {
  const content = contentOf(draft);
  const parsed = recipeSchema.safeParse(content);
  const own: Fault[] = [];
  const name = draft.name.trim();
  if (name.length > maxRecipeName)
    own.push({ path: ["name"], words: { key: "long", max: maxRecipeName }, message: "" });
  if (draft.steps.length === 0) own.push({ path: ["steps"], words: { key: "noSteps" }, message: "" });
  if (parsed.success) return { recipe: own.length === 0 ? parsed.data : undefined, faults: own };
  const found = faultsOf(parsed.error.issues, content).map(
    (fault): Fault =>
      fault.path[0] === "name" && name === "" ? { ...fault, words: { key: "nameMissing" } } : fault,
  );
  return { recipe: undefined, faults: [...found, ...own] };
}

/** The draft with steps put in at a place. */
export function withSteps(draft: Draft, added: readonly StepDraft[], place = draft.steps.length): Draft {
  const taken = new Set(draft.steps.map(({ id }) => id));
  const made = added.map((step): DraftStep => {
    const id = freeId(taken);
    taken.add(id);
    return { ...step, id };
  });
  return { ...draft, steps: draft.steps.toSpliced(place, 0, ...made) };
}

export function withoutStep(draft: Draft, id: string): Draft {
  return { ...draft, steps: draft.steps.filter((step) => step.id !== id) };
}

/** The draft with a step at another place; the places count from 0 and end with the list. */
export function moved(draft: Draft, id: string, to: number): Draft {
  const step = draft.steps.find((one) => one.id === id);
  if (!step) return draft;
  const others = draft.steps.filter((one) => one !== step);
  const place = Math.min(Math.max(to, 0), others.length);
  return { ...draft, steps: others.toSpliced(place, 0, step) };
}

export function duplicated(draft: Draft, id: string): Draft {
  const place = draft.steps.findIndex((step) => step.id === id);
  const step = draft.steps[place];
  return step ? withSteps(draft, [{ use: step.use, options: step.options }], place + 1) : draft;
}

export function withOption(draft: Draft, id: string, path: readonly string[], value: unknown): Draft {
  const set = (options: Options) => withValue(options, path, value);
  return {
    ...draft,
    steps: draft.steps.map((step) => (step.id === id ? { ...step, options: set(step.options) } : step)),
  };
}

/** A step as its technique begins. */
export const newStep = (use: string): StepDraft => ({ use, options: {} });

/** True where the form can show the step's options. */
export const isKnown = (step: StepDraft) => isStepName(step.use);
