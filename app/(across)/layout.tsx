import type { ReactNode } from "react";
import { Frame } from "#app/frame.tsx";

/** Pages across organisations and projects. */
export default function AcrossLayout({ children }: { children: ReactNode }) {
  return <Frame>{children}</Frame>;
}
