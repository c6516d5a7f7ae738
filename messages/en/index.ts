import account from "./account.json" with { type: "json" };
import architecture from "./architecture.json" with { type: "json" };
import auth from "./auth.json" with { type: "json" };
import benchmark from "./benchmark.json" with { type: "json" };
import common from "./common.json" with { type: "json" };
import compare from "./compare.json" with { type: "json" };
import dataset from "./dataset.json" with { type: "json" };
import errors from "./errors.json" with { type: "json" };
import experiment from "./experiment.json" with { type: "json" };
import guide from "./guide.json" with { type: "json" };
import landing from "./landing.json" with { type: "json" };
import model from "./model.json" with { type: "json" };
import note from "./note.json" with { type: "json" };
import organisation from "./organisation.json" with { type: "json" };
import people from "./people.json" with { type: "json" };
import project from "./project.json" with { type: "json" };
import recipe from "./recipe.json" with { type: "json" };
import { remark } from "./remark.ts";
import run from "./run.json" with { type: "json" };
import share from "./share.json" with { type: "json" };
import shell from "./shell.json" with { type: "json" };
import technique from "./technique.json" with { type: "json" };
import upload from "./upload.json" with { type: "json" };

/** One file per room: a new room adds its file here and in the other language. */
export const en = {
  account,
  architecture,
  auth,
  benchmark,
  common,
  compare,
  dataset,
  errors,
  experiment,
  guide,
  landing,
  model,
  note,
  organisation,
  people,
  project,
  recipe,
  remark,
  run,
  share,
  shell,
  technique,
  upload,
};
