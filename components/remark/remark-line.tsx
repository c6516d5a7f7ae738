"use client";

import type { Said } from "#engine/remarks/remark.schema.ts";
import { useRemarkText } from "./use-remark-text.ts";

/** What the engine or a worker says, in the reader's language where there are words for it. */
export function RemarkLine({ said }: { said: Said }) {
  const { text, lang } = useRemarkText()(said);
  return <span lang={lang}>{text}</span>;
}
