import { expect, it } from "vitest";
import { readUse, residentByPs, usageSeries } from "./process-use.ts";

it.skipIf(process.platform !== "linux")("reads what a process uses, as the process itself sees it", () => {
  const until = performance.now() + 300;
  while (performance.now() < until) Math.sqrt(until);
  const use = readUse(process.pid);
  const { user, system } = process.cpuUsage();
  expect(Math.abs((use?.cpuSeconds ?? 0) - (user + system) / 1e6)).toBeLessThan(0.2);
  const resident = process.memoryUsage().rss;
  expect(Math.abs((use?.residentBytes ?? 0) - resident)).toBeLessThan(0.3 * resident);
  expect(readUse(2 ** 30)).toBeUndefined();
});

it.skipIf(process.platform === "win32")("reads memory by ps, where there is no other way", async () => {
  const resident = process.memoryUsage().rss;
  expect(Math.abs(((await residentByPs(process.pid)) ?? 0) - resident)).toBeLessThan(0.3 * resident);
  expect(await residentByPs(2 ** 30)).toBeUndefined();
});

it("makes series of readings, and no rate of a single one", () => {
  const names: string[] = [];
  const take = usageSeries(({ name, steps, values }) => {
    names.push(name);
    expect(steps).toHaveLength(1);
    expect(values[0]).toBeGreaterThanOrEqual(0);
  });
  take({ residentBytes: 1, cpuSeconds: 0 });
  expect(names).toEqual(["process/memory"]);
});
