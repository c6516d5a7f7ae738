import type { Scope } from "#engine/graph/scope.ts";

/**
 * A value where a graph sees it: its own, or one of the graphs around it, which counts as often as the graph that
 * looks at it runs.
 */
export interface Place {
  readonly name: string;
  readonly scope: Scope;
}

/** A maker of places that gives the same object for the same scope and name. */
export function places(): (scope: Scope, name: string) => Place {
  const known = new Map<Scope, Map<string, Place>>();
  return (scope, name) => {
    const own = known.get(scope) ?? new Map<string, Place>();
    known.set(scope, own);
    const place = own.get(name) ?? { scope, name };
    own.set(name, place);
    return place;
  };
}
