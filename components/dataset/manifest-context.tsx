"use client";

import { useTranslations } from "next-intl";
import { createContext, useContext } from "react";
import type { LookedAtFile } from "#contracts/dataset.ts";
import type { Draft, Json, Path } from "./draft.ts";
import type { FieldIssue } from "./issues.ts";

export interface ManifestContext {
  readonly draft: Draft;
  readonly set: (path: Path, value: Json | undefined) => void;
  readonly issues: readonly FieldIssue[];
  readonly files: readonly LookedAtFile[];
}

export const ManifestContext = createContext<ManifestContext | undefined>(undefined);

export function useManifest(): ManifestContext {
  const context = useContext(ManifestContext);
  if (!context) throw new Error("Fields of a manifest are for the manifest form.");
  return context;
}

/** What is wrong at a path, as a sentence; `deep` looks below it too. */
export function useFieldError(path: string, deep = false): string | undefined {
  const { issues } = useManifest();
  const sentence = useIssueText();
  const issue = issues.find((each) => each.path === path || (deep && each.path.startsWith(`${path}.`)));
  return issue && sentence(issue);
}

export function useIssueText(): (issue: FieldIssue) => string {
  const t = useTranslations("dataset.issue");
  return (issue) => (issue.key === undefined ? issue.message : t(issue.key));
}

/** Columns that the files have, in order, without repetition; for IDX the names that the manifest gives. */
export function useColumns(): string[] {
  const { files, draft } = useManifest();
  const names = files.flatMap((file) => (file.columns ?? []).map((column) => column.name));
  const splits = typeof draft.splits === "object" && draft.splits !== null ? Object.values(draft.splits) : [];
  const parts = splits.flatMap((source) =>
    typeof source === "object" && source !== null && !Array.isArray(source) ? Object.keys(source) : [],
  );
  return [...new Set([...names, ...parts])];
}
