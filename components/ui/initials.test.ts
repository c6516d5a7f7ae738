import { expect, it } from "vitest";
import { initials } from "./initials.ts";

it.each([
  ["Ada Lovelace", "AL"],
  ["Ada", "A"],
  ["Ludwig van Beethoven", "LB"],
  ["王小明", "小明"],
  ["李四", "李四"],
  ["  ", ""],
])("%s is %s", (name, text) => expect(initials(name)).toBe(text));
