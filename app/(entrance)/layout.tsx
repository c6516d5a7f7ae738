import type { ReactNode } from "react";
import { PublicFrame } from "#components/shell/public-frame.tsx";

export default function EntranceLayout({ children }: { children: ReactNode }) {
  return <PublicFrame isQuiet>{children}</PublicFrame>;
}
