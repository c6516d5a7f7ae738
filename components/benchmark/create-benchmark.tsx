"use client";

import { Select, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrophy } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import type { z } from "zod";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { useMetricText } from "#components/run/use-metric-text.ts";
import { usePermit } from "#components/shell/use-permit.ts";
import { DialogForm, FormDialog } from "#components/ui/form-dialog.tsx";
import { notifyDone } from "#components/ui/notify.ts";
import { PermitButton } from "#components/ui/permit-button.tsx";
import { useSchemaForm } from "#components/ui/use-schema-form.ts";
import { createBenchmarkInput } from "#contracts/benchmark.ts";
import { type Candidate, cannotOpen, qualitiesOf } from "./eligible.ts";

export interface CreateBenchmarkButtonProps {
  readonly org: string;
  readonly run: Candidate;
}

/** Opens a leaderboard whose rules are those of this baseline run. */
export function CreateBenchmarkButton({ org, run }: CreateBenchmarkButtonProps) {
  const t = useTranslations("benchmark.create");
  const permit = usePermit("benchmark.create");
  const [isOpen, dialog] = useDisclosure(false);
  const cannot = cannotOpen(run);
  const reason = permit.allowed ? cannot && t(cannot) : permit.reason;
  return (
    <>
      <PermitButton reason={reason} leftSection={<IconTrophy size={16} aria-hidden />} onClick={dialog.open}>
        {t("button")}
      </PermitButton>
      <FormDialog opened={isOpen} onClose={dialog.close} title={t("title")}>
        <CreateForm org={org} run={run} onCancel={dialog.close} />
      </FormDialog>
    </>
  );
}

const formSchema = createBenchmarkInput.omit({ baselineRunId: true });

function CreateForm({ org, run, onCancel }: CreateBenchmarkButtonProps & { readonly onCancel: () => void }) {
  const t = useTranslations("benchmark.create");
  const common = useTranslations("common");
  const text = useMetricText();
  const trpc = useTRPC();
  const router = useRouter();
  const qualities = qualitiesOf(run);
  const form = useSchemaForm(formSchema, {
    name: "",
    description: "",
    qualityMetric: qualities[0] ?? "",
    isPublic: false,
  });
  const making = useMutation(
    trpc.benchmark.create.mutationOptions({
      onSuccess: ({ slug }) => {
        notifyDone(t("done"));
        router.push(`/benchmarks/${slug}?org=${org}`);
      },
      meta: { inline: true },
    }),
  );
  const submit = (values: z.input<typeof formSchema>) =>
    making.mutate({ org, baselineRunId: run.id, ...values });
  return (
    <DialogForm
      onSubmit={form.onSubmit(submit)}
      onCancel={onCancel}
      action={t("action")}
      busy={making.isPending || making.isSuccess}
    >
      <ErrorNote error={making.error} />
      <Text size="sm" c="dimmed">
        {t("text")}
      </Text>
      <TextInput
        {...form.getInputProps("name")}
        key={form.key("name")}
        label={t("name")}
        description={t("nameHelp")}
        data-autofocus
        required
        withAsterisk={false}
      />
      <Textarea
        {...form.getInputProps("description")}
        key={form.key("description")}
        label={common("optionalLabel", { label: t("description") })}
        description={t("descriptionHelp")}
        autosize
        minRows={2}
        maxRows={6}
      />
      {qualities.length > 1 && (
        <Select
          {...form.getInputProps("qualityMetric")}
          key={form.key("qualityMetric")}
          label={t("metric")}
          data={qualities.map((metric) => ({ value: metric, label: text.name(metric) }))}
        />
      )}
      <Switch
        {...form.getInputProps("isPublic", { type: "checkbox" })}
        key={form.key("isPublic")}
        label={t("public")}
        description={t("publicHelp")}
      />
    </DialogForm>
  );
}
