"use client";

import { type PointerEvent, useState } from "react";
import type { Layout } from "./layout.ts";

/** Ranges of cost and quality, least first. */
export interface BrushedRange {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

interface Drag {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

/** Moves shorter than this are clicks. */
const threshold = 5;

/** A rectangle drawn with the pointer over the picture; reported when it is let go. */
export function useBrush(layout: Layout | null, onBrush: (range: BrushedRange) => void) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const at = (event: PointerEvent<HTMLElement>): readonly [number, number] => {
    const frame = event.currentTarget.getBoundingClientRect();
    const { x, y, width, height } = layout?.area ?? { x: 0, y: 0, width: 0, height: 0 };
    const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
    return [clamp(event.clientX - frame.left, x, x + width), clamp(event.clientY - frame.top, y, y + height)];
  };
  const isDrawn =
    drag !== null &&
    (Math.abs(drag.to[0] - drag.from[0]) > threshold || Math.abs(drag.to[1] - drag.from[1]) > threshold);
  return {
    rectangle: isDrawn
      ? {
          left: Math.min(drag.from[0], drag.to[0]),
          top: Math.min(drag.from[1], drag.to[1]),
          width: Math.abs(drag.to[0] - drag.from[0]),
          height: Math.abs(drag.to[1] - drag.from[1]),
        }
      : null,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        // A finger scrolls the page; the filter above the table does the same as this.
        if (event.button !== 0 || event.pointerType === "touch") return;
        setDrag({ from: at(event), to: at(event) });
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        if (drag) setDrag({ ...drag, to: at(event) });
      },
      onPointerUp: () => {
        if (layout && drag && isDrawn) onBrush(rangeOf(layout, drag));
        setDrag(null);
      },
      onPointerLeave: () => setDrag(null),
    },
  };
}

function rangeOf({ x, y }: Layout, { from, to }: Drag): BrushedRange {
  const sorted = (one: number, other: number): [number, number] =>
    one < other ? [one, other] : [other, one];
  return {
    x: sorted(x.fromPixel(from[0]), x.fromPixel(to[0])),
    y: sorted(y.fromPixel(from[1]), y.fromPixel(to[1])),
  };
}
