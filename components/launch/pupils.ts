import { usesTeacher } from "#engine/passes/needs.ts";

interface Steps {
  readonly steps: readonly { readonly use: string }[];
}

/** Whether a chosen recipe has a step that learns from another model. */
export function hasPupil(choices: readonly Steps[], saved: readonly { readonly recipe: Steps }[]): boolean {
  return (
    choices.some(({ steps }) => usesTeacher(steps)) || saved.some(({ recipe }) => usesTeacher(recipe.steps))
  );
}
