import { Kbd as MantineKbd } from "@mantine/core";
import type { ReactNode } from "react";

/** A key or a combination of keys. */
export function Kbd({ children }: { children: ReactNode }) {
  return (
    <MantineKbd size="xs" ff="text">
      {children}
    </MantineKbd>
  );
}
