"use client";

import { Select, Skeleton, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrophy } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { z } from "zod";
import { useTRPC } from "#components/api/client.ts";
import { bodyOf } from "#components/api/error-body.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { usePermit } from "#components/shell/use-permit.ts";
import { ErrorState } from "#components/ui/error-state.tsx";
import { DialogForm, FormDialog } from "#components/ui/form-dialog.tsx";
import { TextLink } from "#components/ui/links.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { notifyDone } from "#components/ui/notify.ts";
import { PermitButton } from "#components/ui/permit-button.tsx";
import { useSchemaForm } from "#components/ui/use-schema-form.ts";
import { type BenchmarkRow, submitInput } from "#contracts/benchmark.ts";
import { type Candidate, cannotSubmit } from "./eligible.ts";

export interface SubmitRunButtonProps {
  readonly org: string;
  readonly run: Candidate;
}

/** Enters a run on a leaderboard. */
export function SubmitRunButton({ org, run }: SubmitRunButtonProps) {
  const t = useTranslations("benchmark.submit");
  const permit = usePermit("benchmark.submit");
  const [isOpen, dialog] = useDisclosure(false);
  const cannot = cannotSubmit(run);
  const reason = permit.allowed ? cannot && t(cannot) : permit.reason;
  return (
    <>
      <PermitButton reason={reason} leftSection={<IconTrophy size={16} aria-hidden />} onClick={dialog.open}>
        {t("button")}
      </PermitButton>
      <FormDialog opened={isOpen} onClose={dialog.close} title={t("title")}>
        <Boards org={org} run={run} onCancel={dialog.close} />
      </FormDialog>
    </>
  );
}

interface FormProps extends SubmitRunButtonProps {
  readonly onCancel: () => void;
}

/** Reads which boards there are before it asks for one. */
function Boards(props: FormProps) {
  const t = useTranslations("benchmark.submit");
  const trpc = useTRPC();
  const boards = useQuery(trpc.benchmark.list.queryOptions({ org: props.org }));
  if (boards.error) return <ErrorNote error={boards.error} onRetry={() => void boards.refetch()} />;
  if (!boards.data) return <Skeleton height={180} />;
  const [first, ...others] = boards.data;
  if (!first) {
    return (
      <Notice>
        {t("none")} <TextLink href="/benchmarks">{t("seeAll")}</TextLink>
      </Notice>
    );
  }
  return <SubmitForm {...props} boards={[first, ...others]} />;
}

const formSchema = z.object({ benchmark: submitInput.shape.benchmark, title: submitInput.shape.title });

function SubmitForm({
  org,
  run,
  onCancel,
  boards,
}: FormProps & { readonly boards: readonly [BenchmarkRow, ...BenchmarkRow[]] }) {
  const t = useTranslations("benchmark.submit");
  const trpc = useTRPC();
  const router = useRouter();
  const form = useSchemaForm(formSchema, { benchmark: boards[0].slug, title: run.recipeName });
  const [chosen, setChosen] = useState(boards[0].slug);
  form.watch("benchmark", ({ value }) => setChosen(value));
  const board = boards.find(({ slug }) => slug === chosen) ?? boards[0];
  const submitting = useMutation(
    trpc.benchmark.submit.mutationOptions({
      onSuccess: (_, { benchmark }) => {
        notifyDone(t("done"));
        router.push(`/benchmarks/${benchmark}?org=${org}`);
      },
      meta: { inline: true },
    }),
  );
  return (
    <DialogForm
      onSubmit={form.onSubmit((values) => submitting.mutate({ org, runId: run.id, ...values }))}
      onCancel={onCancel}
      action={t("action")}
      busy={submitting.isPending || submitting.isSuccess}
    >
      <Refusal error={submitting.error} />
      <Text size="sm" c="dimmed">
        {t("text")}
      </Text>
      <Select
        {...form.getInputProps("benchmark")}
        key={form.key("benchmark")}
        label={t("board")}
        description={t("boardHelp", {
          organisation: board.organisation,
          visibility: board.isPublic ? "public" : "private",
          count: board.entries,
        })}
        inputWrapperOrder={["label", "input", "description", "error"]}
        data={boards.map(({ slug, name, dataset }) => ({
          value: slug,
          label: t("boardOption", { name, dataset }),
        }))}
        searchable={boards.length > 8}
      />
      <TextInput
        {...form.getInputProps("title")}
        key={form.key("title")}
        label={t("name")}
        description={t("nameHelp")}
        required
        withAsterisk={false}
      />
    </DialogForm>
  );
}

/** Why the board did not take the run, in words about boards. */
function Refusal({ error }: { error: unknown }) {
  const t = useTranslations("benchmark.submit");
  if (!error) return null;
  const { code } = bodyOf(error);
  if (code === "conflict") return <ErrorState text={t("already")} />;
  if (code === "notComparable") return <ErrorState text={t("otherData")} />;
  return <ErrorNote error={error} />;
}
