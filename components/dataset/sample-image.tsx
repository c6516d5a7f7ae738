"use client";

import { useEffect, useRef } from "react";
import type { SampleImage as Sample } from "#engine/evaluate/dataset/summary.schema.ts";
import { rgbaOf } from "./pixels.ts";

/** One item as a picture, drawn from its pixels. */
export function SampleImage({ image, alt }: { image: Sample; alt: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    context.putImageData(new ImageData(rgbaOf(image), image.width, image.height), 0, 0);
  }, [image]);
  return <canvas ref={canvas} width={image.width} height={image.height} role="img" aria-label={alt} />;
}
