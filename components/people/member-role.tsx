"use client";

import { Select } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { notifyDone } from "#components/ui/notify.ts";
import type { MemberRow } from "#contracts/organisation.ts";
import { mayAssign, type Role, roles } from "#contracts/policy.ts";

export interface MemberRoleProps {
  readonly org: string;
  readonly member: MemberRow;
  /** The reader's own role. */
  readonly actor: Role;
}

/** A member's role; a choice for whoever may change it, words for everybody else. */
export function MemberRole({ org, member, actor }: MemberRoleProps) {
  const t = useTranslations("people");
  const common = useTranslations("common");
  const trpc = useTRPC();
  const client = useQueryClient();
  const setting = useMutation(
    trpc.member.setRole.mutationOptions({
      onSuccess: (_done, { role }) =>
        notifyDone(t("roleSet", { name: member.name, role: common(`role.${role}`) })),
      onSettled: () =>
        Promise.all([
          client.invalidateQueries(trpc.member.list.queryFilter({ org })),
          client.invalidateQueries(trpc.organisation.get.queryFilter({ org })),
        ]),
    }),
  );
  if (!mayAssign(actor, member.role)) return <span>{common(`role.${member.role}`)}</span>;
  return (
    <Select
      size="xs"
      w={150}
      aria-label={t("roleOf", { name: member.name })}
      value={setting.isPending ? setting.variables.role : member.role}
      disabled={setting.isPending}
      data={roles
        .filter((role) => mayAssign(actor, role))
        .map((value) => ({ value, label: common(`role.${value}`) }))}
      onChange={(value) => {
        const role = roles.find((each) => each === value);
        if (role && role !== member.role) setting.mutate({ org, userId: member.userId, role });
      }}
    />
  );
}
