import { expect, it } from "vitest";
import { meanOf, studentCritical } from "./student-t.ts";

it.each([
  [1, 12.7062],
  [2, 4.30265],
  [3, 3.18245],
  [4, 2.77645],
  [5, 2.57058],
  [9, 2.26216],
  [30, 2.04227],
])("Student's t of %i degrees of freedom is that of the tables", (freedom, wanted) => {
  expect(studentCritical(freedom)).toBeCloseTo(wanted, 4);
});

it("a mean has the interval of its spread", () => {
  // Deviation √2.5, over √5, times 2.77645.
  expect(meanOf([1, 2, 3, 4, 5])).toEqual({ mean: 3, half: expect.closeTo(1.96324, 4), n: 5 });
  expect(meanOf([7]).half).toBeNaN();
});
