import { type Box, overlaps, type Surroundings, textWidth } from "#components/chart/place-labels.ts";

/** Where the words of the budget line stand: at which part of the line, above or below it. */
export interface WordsPlace {
  readonly along: "start" | "middle" | "end";
  readonly side: "above" | "below";
}

/** Where nothing is in the way, and where everything is. */
export const startPlace: WordsPlace = { along: "end", side: "above" };

const places: readonly WordsPlace[] = (["above", "below"] as const).flatMap((side) =>
  (["end", "start", "middle"] as const).map((along) => ({ along, side })),
);

const height = 20;
const padding = 10;

/** A place for the words along a line at `y` where they cover no mark; of the others the one that covers fewest. */
export function placeWords(words: string, y: number, around: Surroundings): { place: WordsPlace; box: Box } {
  const { area, obstacles, fontSize } = around;
  const width = textWidth(words, fontSize) + padding;
  const room = area.width - width;
  const found = places.map((place) => {
    const x = area.x + { start: 0, middle: room / 2, end: room }[place.along];
    const box: Box = { x, y: place.side === "above" ? y - height : y, width, height };
    const isOutside = place.side === "below" && box.y + height > area.y + area.height;
    const covered = obstacles.filter((one) => overlaps(one, box)).length;
    return { place, box, cost: covered + (isOutside ? obstacles.length + 1 : 0) };
  });
  return found.reduce((best, one) => (one.cost < best.cost ? one : best));
}
