import type { ReactNode } from "react";
import { Frame } from "#app/frame.tsx";

interface Props {
  readonly params: Promise<{ org: string }>;
  readonly children: ReactNode;
}

export default async function OrganisationLayout({ params, children }: Props) {
  const { org } = await params;
  return <Frame org={org}>{children}</Frame>;
}
