import type { RemarkIn } from "#engine/remarks/parameters.ts";
import type { EngineWords } from "#engine/words.ts";

/** What workers write into the log of a run, and why they could not execute it: English, as `messages/en` shows it. */
export const logWords = {
  step: "{use}: {changed, number} changed, {skipped, number} left alone, {seconds, number, ::.00} s",
  epoch: "{use}: epoch {epoch, number} of {epochs, number}, loss {loss, number, ::@##}",
  epochLoss:
    "{use}: epoch {epoch, number} of {epochs, number}, loss {loss, number, ::@##}; on the tuning split {tuning, number, ::@##}",
  epochAccuracy:
    "{use}: epoch {epoch, number} of {epochs, number}, loss {loss, number, ::@##}; on the tuning split {tuning, number, ::@##}, accuracy {accuracy, number, ::percent .00}",
  goesOn: "{use}: goes on from a checkpoint, {done, number} of {total, number} batches are done",
  noCheckpoint:
    "No checkpoint of the training can be kept, so that it begins anew if its worker ends: {error}",
  waitsFor: "Waits for the machine: {label} is being measured",
  waits: "Waits for the machine: another measurement is being measured",
  modelled: "Energy is modelled from CPU seconds: {reason}",
  noLabels:
    "There are no labels, so nothing says how good this model is; the other runs are compared with it by fidelity",
  alarm: "The compressed model: {alarm}",
  linesLost:
    "{count, plural, one {# line was left out here, because the database could not be reached} other {# lines were left out here, because the database could not be reached}}",
  attempt: "Attempt {attempt, number} starts on {host}",
  finished: "Finished",
  cancelled: "Cancelled",
  cancelledEarly: "Cancelled before it began",
  cancelledLost: "{said}; the run is cancelled as asked",
  queuedAgain: "Queued again by hand",
  givenBack: "The worker shuts down; the run goes back to the queue",
  triedAgain: "{said}; it is tried again",
  lost: "The worker on {host} has not been heard of for {seconds, number} seconds",
  lostUnknown: "Its worker has not been heard of for {seconds, number} seconds",
  lostLast: "{said}, and that was attempt {attempt, number} of {most, number}",
  outOfMemory: "The process needed more memory than the {limit} that it may take, and was ended",
  timeLimit: "The process was ended after {seconds, number} seconds, the longest that it may take",
  notUnderstood: "The process said something that the worker does not understand, and was ended",
  crashed: "The process crashed in native code ({signal})",
  crashedSaying: "The process crashed in native code ({signal}): {said}",
  killed: "The process was ended from outside ({signal})",
  killedForMemory:
    "The process was ended from outside ({signal}); a machine that runs out of memory does this too",
  endedEarly: "The process ended early with status {status, number}",
  endedEarlySaying: "The process ended early with status {status, number}: {said}",
  checkGivenUp: "The check of the file was given up: its worker was lost each time",
  notWritten: "The results could not be written",
  noSpace: "There is no space left to keep the model that the run made",
  fileGone: "A file of the model or dataset is no longer in the store",
  ownFault: "The worker met a fault of its own; its log has the details",
  modelGone: "The model version of the experiment cannot be used any more",
  teacherGone: "The model version that the run learns from cannot be used any more",
  datasetGone: "The dataset version of the experiment cannot be used any more",
} as const;

/** All sentences that a run shows: of the engine and of its worker. */
export type RunWords = EngineWords & { readonly log: typeof logWords };

/** What a worker says about a run. */
export type LogRemark = RemarkIn<{ readonly log: typeof logWords }>;
