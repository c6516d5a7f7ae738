import { expect, it } from "vitest";
import { zoneOf } from "./zone.ts";

it.each([
  ["Asia%2FShanghai", "Asia/Shanghai"],
  ["Europe/Berlin", "Europe/Berlin"],
  ["Mars/Olympus", "UTC"],
  ["%", "UTC"],
  ["", "UTC"],
  [undefined, "UTC"],
])("%s is %s", (value, zone) => expect(zoneOf(value)).toBe(zone));
