"use client";

import { useState } from "react";

export interface OwnText {
  readonly text: string;
  readonly set: (text: string) => void;
  /** Shows the value again as it is written by itself. */
  readonly settle: () => void;
}

/**
 * The text of a field whose value is not a text: what is typed stays as it was typed ("0.", "1e-") while it means the
 * value, and gives way when the value was changed from elsewhere. `meaning` reads a text; `written` writes a value.
 */
export function useOwnText<Value>(
  value: Value,
  written: (value: Value) => string,
  meaning: (text: string) => Value,
  onChange: (value: Value) => void,
): OwnText {
  const [typed, setTyped] = useState<string | null>(null);
  const isMine = typed !== null && JSON.stringify(meaning(typed)) === JSON.stringify(value);
  return {
    text: isMine ? typed : written(value),
    set: (text) => {
      setTyped(text);
      onChange(meaning(text));
    },
    settle: () => setTyped(null),
  };
}
