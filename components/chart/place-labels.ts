export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface LabelRequest {
  readonly id: string;
  readonly text: string;
  /** Middle of the mark that it names, in pixels. */
  readonly x: number;
  readonly y: number;
}

export interface PlacedLabel extends LabelRequest {
  /** Left edge and vertical middle of the text. */
  readonly left: number;
  readonly middle: number;
}

export interface Surroundings {
  /** Labels stay within. */
  readonly area: Box;
  /** Marks, bars and lines that no label may cover. */
  readonly obstacles: readonly Box[];
  readonly fontSize: number;
}

const gap = 9;
const lineHeight = 1.25;

/** Width of a text in about pixels: wide characters take the whole size, others a little more than half. */
export function textWidth(text: string, fontSize: number): number {
  let width = 0;
  for (const character of text) width += /[\u2e80-\uffef]/.test(character) ? 1 : 0.56;
  return width * fontSize;
}

export function overlaps(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}

const within = (box: Box, area: Box) =>
  box.x >= area.x &&
  box.y >= area.y &&
  box.x + box.width <= area.x + area.width &&
  box.y + box.height <= area.y + area.height;

/**
 * Finds a place beside its mark for each label, the important first, such that no label covers another one or an
 * obstacle. A label without a free place is left out: its mark still has a tooltip and a row in the table.
 */
export function placeLabels(requests: readonly LabelRequest[], around: Surroundings): PlacedLabel[] {
  const height = around.fontSize * lineHeight;
  const taken: Box[] = [];
  const placed: PlacedLabel[] = [];
  for (const request of requests) {
    const width = textWidth(request.text, around.fontSize);
    const free = candidates(request, width, height).find(
      (box) =>
        within(box, around.area) &&
        !taken.some((other) => overlaps(box, other)) &&
        !around.obstacles.some((other) => overlaps(box, other)),
    );
    if (!free) continue;
    taken.push(free);
    placed.push({ ...request, left: free.x, middle: free.y + height / 2 });
  }
  return placed;
}

/** Right above and below first, as a reader expects them; then left, then straight above and below. */
function candidates({ x, y }: LabelRequest, width: number, height: number): Box[] {
  const box = (left: number, top: number): Box => ({ x: left, y: top, width, height });
  const [right, left, middle] = [x + gap, x - gap - width, x - width / 2];
  return [
    box(right, y - height - 3),
    box(right, y + 3),
    box(left, y - height - 3),
    box(left, y + 3),
    box(right, y - height / 2),
    box(left, y - height / 2),
    box(middle, y - height - 2 * gap),
    box(middle, y + 2 * gap),
    box(right, y - 2.2 * height),
    box(right, y + 1.2 * height),
    box(left, y - 2.2 * height),
    box(left, y + 1.2 * height),
  ];
}
