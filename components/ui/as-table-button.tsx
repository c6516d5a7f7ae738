"use client";

import { Button } from "@mantine/core";

/** Shows what a picture shows as a table instead, and back. */
export function AsTableButton({
  isTable,
  onChange,
  label,
}: {
  readonly isTable: boolean;
  readonly onChange: (isTable: boolean) => void;
  readonly label: string;
}) {
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-sm"
      onClick={() => onChange(!isTable)}
      aria-pressed={isTable}
    >
      {label}
    </Button>
  );
}
