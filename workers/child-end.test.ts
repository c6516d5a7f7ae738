import { describe, expect, it } from "vitest";
import { type ChildExit, explainExit } from "./child-end.ts";

const limits = { wallSeconds: 60, memoryBytes: 512 * 2 ** 20 };
const exit = (about: Partial<ChildExit>): ChildExit => ({
  code: null,
  signal: null,
  stderr: "",
  stopped: undefined,
  ...about,
});
const codeOf = (about: Partial<ChildExit>) => explainExit(exit(about), limits).problem.code;

describe("the end of a child that said nothing of its task", () => {
  it.each([
    [{ signal: "SIGABRT" }, "childCrashed"],
    [{ signal: "SIGSEGV" }, "childCrashed"],
    [{ code: 134 }, "childCrashed"],
    [{ code: 1 }, "childCrashed"],
    [{ code: 0 }, "childCrashed"],
    [{ signal: "SIGKILL" }, "childKilled"],
    [{ signal: "SIGKILL", stopped: "memory" }, "outOfMemory"],
    [
      {
        signal: "SIGABRT",
        stderr: "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
      },
      "outOfMemory",
    ],
    [
      { signal: "SIGABRT", stderr: "terminate called after throwing an instance of 'std::bad_alloc'" },
      "outOfMemory",
    ],
    [{ signal: "SIGTERM", stopped: "time" }, "timeLimit"],
    [{ signal: "SIGTERM", stopped: "protocol" }, "childCrashed"],
  ] as const)("%j is %s", (about, code) => {
    expect(codeOf(about)).toBe(code);
  });

  it("is worth another try only where the reason came from outside", () => {
    expect(explainExit(exit({ signal: "SIGKILL" }), limits).transient).toBe(true);
    for (const about of [
      { signal: "SIGABRT" },
      { stopped: "time" },
      { stopped: "memory" },
      { code: 1 },
    ] as const) {
      expect(explainExit(exit(about), limits).transient).toBe(false);
    }
  });

  it("tells what the native code said, without paths of this machine", () => {
    const stderr =
      "noise 1\nterminate called: what(): bad node in /srv/app/node_modules/x/y.node\n  at /home/me/a.ts:1\n";
    const { message } = explainExit(exit({ signal: "SIGABRT", stderr }), limits).problem;
    expect(message).toContain("SIGABRT");
    expect(message).toContain("bad node");
    expect(message).not.toContain("/srv");
  });
});
