/**
 * What a worker writes about a run it holds. The guards (attempt, state, sequence) are in the statements themselves,
 * so there is no logic to add between a worker and the repo.
 */
export { beat, claimRun, writeBatch } from "./repo.ts";
