"use client";

import { Button, type ButtonProps, Tooltip } from "@mantine/core";
import type { MouseEvent } from "react";

export interface PermitButtonProps extends ButtonProps {
  /** Why the action cannot be taken now; undefined where it can. */
  readonly reason: string | undefined;
  readonly onClick: () => void;
}

/** A button that a reader would look for: where it cannot be used it stays, can be focused, and says why. */
export function PermitButton({ reason, onClick, ...props }: PermitButtonProps) {
  const press = (event: MouseEvent) => (reason === undefined ? onClick() : event.preventDefault());
  const button = (
    <Button
      variant="default"
      {...props}
      data-disabled={reason === undefined ? undefined : true}
      aria-disabled={reason === undefined ? undefined : true}
      onClick={press}
    />
  );
  if (reason === undefined) return button;
  return <Tooltip label={reason}>{button}</Tooltip>;
}
