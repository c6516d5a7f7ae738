import { join } from "node:path";
import { env } from "#server/env.ts";
import { LocalStore } from "./local-store.ts";
import type { ArtifactStore } from "./store.ts";

const holder = globalThis as typeof globalThis & { parsimonyStore?: ArtifactStore };

/** The store of this process. Kept on globalThis, because the web build holds this module more than once. */
export function artifactStore(): ArtifactStore {
  holder.parsimonyStore ??= new LocalStore(join(env().home, "artifacts"));
  return holder.parsimonyStore;
}

/** Lets a test file use its own store behind `artifactStore()`. */
export function useArtifactStore(own: ArtifactStore | undefined): void {
  holder.parsimonyStore = own;
}
