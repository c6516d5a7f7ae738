"use client";

import { Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { z } from "zod";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { useShell } from "#components/shell/context.tsx";
import { DialogForm } from "#components/ui/form-dialog.tsx";
import { useSchemaForm } from "#components/ui/use-schema-form.ts";
import { invitationDays, inviteInput } from "#contracts/organisation.ts";
import { mayAssign, roles } from "#contracts/policy.ts";
import { InvitationLink } from "./invitation-link.tsx";

/** A select gives text, the contract wants one of its numbers. */
const formSchema = z.object({
  role: inviteInput.shape.role,
  email: inviteInput.shape.email,
  days: z.string(),
});

/** Makes an invitation link: for a role, for a time, for one address or for whoever has it. */
export function Invite({ org, onDone }: { org: string; onDone: () => void }) {
  const t = useTranslations("people");
  const common = useTranslations("common");
  const trpc = useTRPC();
  const client = useQueryClient();
  const { organisation } = useShell();
  const actor = organisation?.role ?? "viewer";
  const [link, setLink] = useState<string>();
  const form = useSchemaForm(formSchema, { role: "researcher", email: "", days: "7" });
  const making = useMutation(
    trpc.invitation.create.mutationOptions({
      onSuccess: async ({ token }) => {
        setLink(`${window.location.origin}/invite/${token}`);
        await client.invalidateQueries(trpc.invitation.list.queryFilter({ org }));
      },
      meta: { inline: true },
    }),
  );
  const submit = ({ role, email, days }: z.input<typeof formSchema>) => {
    const chosen = invitationDays.find((each) => String(each) === days);
    if (chosen) making.mutate({ org, role, email, days: chosen });
  };
  if (link) return <InvitationLink link={link} onDone={onDone} />;
  return (
    <DialogForm
      onSubmit={form.onSubmit(submit)}
      onCancel={onDone}
      action={t("makeLink")}
      busy={making.isPending}
    >
      <ErrorNote error={making.error} />
      <Select
        {...form.getInputProps("role")}
        key={form.key("role")}
        label={t("role")}
        data={roles
          .filter((role) => mayAssign(actor, role))
          .map((value) => ({ value, label: common(`role.${value}`) }))}
      />
      <TextInput
        {...form.getInputProps("email")}
        key={form.key("email")}
        label={common("optionalLabel", { label: t("email") })}
        description={t("emailHelp")}
        type="email"
        autoComplete="off"
      />
      <Select
        {...form.getInputProps("days")}
        key={form.key("days")}
        label={t("validFor")}
        data={invitationDays.map((count) => ({ value: String(count), label: t("days", { count }) }))}
      />
    </DialogForm>
  );
}
