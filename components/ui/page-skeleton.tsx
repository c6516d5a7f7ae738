import { Skeleton, Stack } from "@mantine/core";

/** Holds the place of a page while it is read: a title, a line, a panel. */
export function PageSkeleton({ label }: { label: string }) {
  return (
    <Stack gap="md" role="status" aria-label={label}>
      <Stack gap={8}>
        <Skeleton height={26} width={280} maw="70%" />
        <Skeleton height={14} width={420} maw="90%" />
      </Stack>
      <Skeleton height={320} radius="md" />
    </Stack>
  );
}
