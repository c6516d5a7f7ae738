"use client";

import { Select, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { z } from "zod";
import { useTRPC, useTRPCClient } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { projectHref } from "#components/shell/rooms.ts";
import { usePermit } from "#components/shell/use-permit.ts";
import { DialogForm } from "#components/ui/form-dialog.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useSchemaForm } from "#components/ui/use-schema-form.ts";
import { createProjectInput, createTeamInput, type TeamRow } from "#contracts/organisation.ts";
import { useDisciplineOptions } from "./names.ts";

/** Choice of the team's field that stands for one that is made with the project. */
const newTeam = "new";

const { name, question } = createProjectInput.shape;
const { name: teamName, discipline } = createTeamInput.shape;
const inTeam = z.object({ name, question, teamName: z.string(), discipline });
const withTeam = z.object({ name, question, teamName, discipline });

export interface CreateProjectProps {
  readonly org: string;
  readonly teams: readonly TeamRow[];
  readonly onCancel: () => void;
}

/** A project and, where there is none that fits, its team. */
export function CreateProject({ org, teams, onCancel }: CreateProjectProps) {
  const t = useTranslations("organisation");
  const api = useTRPCClient();
  const trpc = useTRPC();
  const client = useQueryClient();
  const router = useRouter();
  const disciplines = useDisciplineOptions();
  const mayMakeTeam = usePermit("team.create").allowed;
  const [team, setTeam] = useState(teams[0]?.id ?? newTeam);
  const form = useSchemaForm<typeof inTeam>(team === newTeam ? withTeam : inTeam, {
    name: "",
    question: "",
    teamName: "",
    discipline: "engineering",
  });
  const making = useMutation({
    mutationFn: async (values: z.input<typeof inTeam>) => {
      const teamId =
        team === newTeam
          ? (await api.team.create.mutate({ org, name: values.teamName, discipline: values.discipline })).id
          : team;
      // A second try after a failure goes on with the team that was made.
      setTeam(teamId);
      return api.project.create.mutate({ org, teamId, name: values.name, question: values.question });
    },
    onSuccess: async ({ slug }) => {
      router.push(projectHref(org, slug));
      await client.invalidateQueries(trpc.organisation.get.queryFilter({ org }));
    },
    onError: () => client.invalidateQueries(trpc.team.list.queryFilter({ org })),
    meta: { inline: true },
  });
  if (teams.length === 0 && !mayMakeTeam) {
    return <Notice tone="warning">{t("needsTeam")}</Notice>;
  }
  return (
    <DialogForm
      onSubmit={form.onSubmit((values) => making.mutate(values))}
      onCancel={onCancel}
      action={t("createProject")}
      busy={making.isPending || making.isSuccess}
    >
      <ErrorNote error={making.error} />
      <TextInput
        {...form.getInputProps("name")}
        key={form.key("name")}
        label={t("projectName")}
        data-autofocus
        required
        withAsterisk={false}
      />
      <Textarea
        {...form.getInputProps("question")}
        key={form.key("question")}
        label={t("question")}
        description={t("questionHelp")}
        autosize
        minRows={2}
        maxRows={5}
      />
      <Select
        label={t("team")}
        value={team}
        onChange={(value) => setTeam(value ?? newTeam)}
        data={[
          ...teams.map((row) => ({ value: row.id, label: row.name })),
          ...(mayMakeTeam ? [{ value: newTeam, label: t("newTeamOption") }] : []),
        ]}
      />
      {team === newTeam && (
        <>
          <TextInput
            {...form.getInputProps("teamName")}
            key={form.key("teamName")}
            label={t("teamName")}
            required
            withAsterisk={false}
          />
          <Select
            {...form.getInputProps("discipline")}
            key={form.key("discipline")}
            label={t("discipline")}
            data={disciplines}
          />
        </>
      )}
    </DialogForm>
  );
}
