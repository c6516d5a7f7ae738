import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { english } from "#engine/english.ts";
import { say } from "../say.ts";
import { cpuModelOf, machineFacts, watchOtherLoad } from "./machine.ts";
import { findMeter, measureIdleWatts } from "./rapl.ts";
import { findTensorFlow } from "./tfjs.ts";

describe("machineFacts", () => {
  it("describes this machine", () => {
    const facts = machineFacts();
    expect(facts.cores).toBeGreaterThan(0);
    expect(facts.cpuModel).not.toBe("");
    expect([...facts.cpuFeatures]).toEqual(facts.cpuFeatures.toSorted());
  });

  it("tells its own work from that of others", () => {
    const otherLoad = watchOtherLoad();
    const end = performance.now() + 300;
    while (performance.now() < end) Math.sqrt(end);
    // Busy alone, this process fills one core; counted as others it would be at least a whole core's share.
    expect(otherLoad()).toBeLessThanOrEqual(1);
    expect(watchOtherLoad()()).toBeGreaterThanOrEqual(0);
  });

  it("names processors of other makers", () => {
    expect(cpuModelOf("model name\t: AMD EPYC 7763\nmodel name\t: x\n", "y")).toBe("AMD EPYC 7763");
    expect(cpuModelOf("", "Apple M1")).toBe("Apple M1");
    expect(cpuModelOf("CPU implementer\t: 0x41\nCPU part\t: 0xd0c\n", "unknown")).toBe("Arm 0x41/0xd0c");
  });
});

/** A folder laid out as Linux lays out powercap. */
describe("findMeter", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "powercap-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function domain(id: string, name: string, energy: string) {
    mkdirSync(join(root, id));
    writeFileSync(join(root, id, "name"), `${name}\n`);
    writeFileSync(join(root, id, "max_energy_range_uj"), "1000000\n");
    writeFileSync(join(root, id, "energy_uj"), energy);
  }

  it("reads the packages", () => {
    domain("intel-rapl:0", "package-0", "500\n");
    domain("intel-rapl:0:0", "core", "400\n");
    mkdirSync(join(root, "intel-rapl"));
    const search = findMeter(root);
    if (search.status !== "available") throw new Error(english(search.reason));
    const before = search.meter.read();
    expect([...before]).toEqual([["intel-rapl:0", 500]]);
    writeFileSync(join(root, "intel-rapl:0/energy_uj"), "2000500");
    expect(search.meter.between(before, search.meter.read())).toBe(2);
    rmSync(join(root, "intel-rapl:0/energy_uj"));
    expect(search.meter.between(before, search.meter.read())).toBeUndefined();
  });

  it("takes a counter that stands still for no counter", async () => {
    domain("intel-rapl:0", "package-0", "500\n");
    const search = findMeter(root);
    if (search.status !== "available") throw new Error(english(search.reason));
    expect(await measureIdleWatts(search.meter, 0.5)).toBeUndefined();
  });

  it("says what to do where there is none", () => {
    expect(findMeter(join(root, "absent"))).toMatchObject({
      status: "unavailable",
      reason: say("energy.none"),
    });
    domain("intel-rapl:0", "package-0", "");
    expect(findMeter(root)).toMatchObject({
      status: "unavailable",
      reason: say("energy.unreadable", { root }),
    });
    chmodSync(root, 0o700);
  });
});

describe("findTensorFlow", () => {
  it("is there or says why not", async () => {
    const search = await findTensorFlow();
    if (search.status === "available") expect(search.version).not.toBe("");
    else expect(search.reason).toContain("@tensorflow/tfjs-node");
  });
});
