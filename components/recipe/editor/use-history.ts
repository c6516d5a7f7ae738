"use client";

import { useCallback, useReducer } from "react";

interface State<Value> {
  readonly value: Value;
  readonly past: readonly Value[];
  /** What the last change was about: further changes of the same are undone together with it. */
  readonly subject: string | undefined;
}

type Action<Value> =
  | { readonly kind: "set"; readonly next: (value: Value) => Value; readonly subject: string | undefined }
  | { readonly kind: "undo" };

/** As far back as anybody remembers what they did. */
const mostSteps = 100;

export function reduce<Value>(state: State<Value>, action: Action<Value>): State<Value> {
  if (action.kind === "undo") {
    const value = state.past.at(-1);
    return value === undefined ? state : { value, past: state.past.slice(0, -1), subject: undefined };
  }
  const value = action.next(state.value);
  if (value === state.value) return state;
  const isSame = action.subject !== undefined && action.subject === state.subject;
  return {
    value,
    past: isSame ? state.past : [...state.past, state.value].slice(-mostSteps),
    subject: action.subject,
  };
}

export interface History<Value> {
  readonly value: Value;
  /** Changes with the same `subject` one after the other (letters typed into a field) are undone as one. */
  readonly change: (next: (value: Value) => Value, subject?: string) => void;
  readonly undo: () => void;
  readonly canUndo: boolean;
}

/** A value whose changes can be undone, one after the other. */
export function useHistory<Value>(initial: Value): History<Value> {
  const [state, dispatch] = useReducer(reduce<Value>, { value: initial, past: [], subject: undefined });
  return {
    value: state.value,
    change: useCallback((next, subject) => dispatch({ kind: "set", next, subject }), []),
    undo: useCallback(() => dispatch({ kind: "undo" }), []),
    canUndo: state.past.length > 0,
  };
}
