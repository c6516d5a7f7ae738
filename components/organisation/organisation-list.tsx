"use client";

import { IconBuilding } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useShell } from "#components/shell/context.tsx";
import { organisationHref } from "#components/shell/rooms.ts";
import { LinkRow, LinkRows } from "#components/ui/link-rows.tsx";
import { useKindName } from "./names.ts";

/** The reader's organisations, each with their role in it. */
export function OrganisationList() {
  const common = useTranslations("common");
  const kindName = useKindName();
  const { organisations } = useShell();
  return (
    <LinkRows>
      {organisations.map((row) => (
        <LinkRow
          key={row.slug}
          href={organisationHref(row.slug)}
          icon={<IconBuilding size={18} stroke={1.6} />}
          title={row.name}
          text={kindName(row.kind)}
          aside={common(`role.${row.role}`)}
        />
      ))}
    </LinkRows>
  );
}
