import { expect, it } from "vitest";
import { isInRoom } from "./rooms.ts";

const overview = { path: "" };
const models = { path: "/models" };

it.each([
  ["/o/a/p/b", overview, true],
  ["/o/a/p/b/models", overview, false],
  ["/o/a/p/b/models", models, true],
  ["/o/a/p/b/models/lenet/1", models, true],
  ["/o/a/p/b/models-of-others", models, false],
])("%s in %o: %s", (path, room, isIn) => expect(isInRoom(path, "/o/a/p/b", room)).toBe(isIn));
