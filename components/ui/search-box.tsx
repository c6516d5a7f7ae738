"use client";

import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";

export interface SearchBoxProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/** The search of a panel, in its head. */
export function SearchBox({ label, value, onChange }: SearchBoxProps) {
  return (
    <TextInput
      size="xs"
      type="search"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={14} aria-hidden />}
    />
  );
}
