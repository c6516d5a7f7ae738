"use client";

import { Anchor, type AnchorProps, Button, type ButtonProps } from "@mantine/core";
import Link from "next/link";
import type { ReactNode } from "react";

interface Target {
  readonly href: string;
  /** In a new tab, where the page that is open holds something unsaved. */
  readonly target?: "_blank";
  readonly children: ReactNode;
}

/** A link that looks like a button. For server components too, which cannot hand `component={Link}` to Mantine. */
export function LinkButton({ href, children, ...props }: ButtonProps & Target) {
  return (
    <Button component={Link} href={href} {...props}>
      {children}
    </Button>
  );
}

/** A link inside the product in running text. */
export function TextLink({ href, children, ...props }: AnchorProps & Target) {
  return (
    <Anchor component={Link} href={href} inherit underline="always" {...props}>
      {children}
    </Anchor>
  );
}
