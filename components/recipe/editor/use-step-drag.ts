"use client";

import { type PointerEvent, useRef, useState } from "react";

interface Drag {
  readonly id: string;
  /** The place that it would take, counted without itself. */
  readonly to: number;
}

export interface StepDrag {
  readonly drag: Drag | undefined;
  /** For the list, whose items carry their names as `data-step`. */
  readonly listRef: { current: HTMLOListElement | null };
  /** For the handle of an item. */
  readonly handle: (
    id: string,
    place: number,
  ) => {
    readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerUp: () => void;
    readonly onPointerCancel: () => void;
  };
}

/** Moves an item of a list by its handle, with a mouse, a pen or a finger. */
export function useStepDrag(onMove: (id: string, to: number) => void): StepDrag {
  const listRef = useRef<HTMLOListElement>(null);
  const [drag, setDrag] = useState<Drag>();
  const placeAt = (id: string, y: number) =>
    [...(listRef.current?.children ?? [])].filter((item) => {
      if (!(item instanceof HTMLElement) || item.dataset.step === undefined || item.dataset.step === id)
        return false;
      const { top, height } = item.getBoundingClientRect();
      return top + height / 2 < y;
    }).length;
  return {
    drag,
    listRef,
    handle: (id, place) => ({
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ id, to: place });
      },
      onPointerMove: (event) => {
        if (drag?.id !== id) return;
        const to = placeAt(id, event.clientY);
        if (to !== drag.to) setDrag({ id, to });
      },
      onPointerUp: () => {
        if (drag?.id === id && drag.to !== place) onMove(id, drag.to);
        setDrag(undefined);
      },
      onPointerCancel: () => setDrag(undefined),
    }),
  };
}
