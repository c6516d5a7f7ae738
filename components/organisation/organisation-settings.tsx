"use client";

import { Button, Group, NumberInput, Select, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { type Loaded, useLoaded } from "#components/api/use-loaded.ts";
import { usePermit } from "#components/shell/use-permit.ts";
import { Notice } from "#components/ui/notice.tsx";
import { notifyDone } from "#components/ui/notify.ts";
import { Panel } from "#components/ui/panel.tsx";
import { useSchemaForm } from "#components/ui/use-schema-form.ts";
import {
  type OrganisationDetail,
  organisationKinds,
  updateOrganisationInput,
} from "#contracts/organisation.ts";
import { type GridRegion, useCurrencyOptions, useRegionOptions } from "./places.ts";
import styles from "./settings.module.css";

export interface OrganisationSettingsProps {
  readonly org: string;
  readonly organisation: Loaded<OrganisationDetail>;
  readonly regions: readonly GridRegion[];
}

/** Name and kind, and the two assumptions behind every cost and every CO₂e: price and grid. */
export function OrganisationSettings({ org, organisation, regions }: OrganisationSettingsProps) {
  const t = useTranslations("organisation");
  const common = useTranslations("common");
  const trpc = useTRPC();
  const client = useQueryClient();
  const router = useRouter();
  const { data } = useLoaded(trpc.organisation.get.queryOptions({ org }), organisation);
  const permit = usePermit("organisation.update");
  const form = useSchemaForm(updateOrganisationInput, {
    name: data.name,
    kind: organisationKinds.find((kind) => kind === data.kind) ?? "company",
    pricePerCpuHour: data.pricePerCpuHour,
    currency: data.currency.trim(),
    gridRegion: data.gridRegion,
  });
  const saving = useMutation(
    trpc.organisation.update.mutationOptions({
      onSuccess: async () => {
        notifyDone(common("saved"));
        form.resetDirty();
        await client.invalidateQueries(trpc.organisation.pathFilter());
        router.refresh();
      },
      meta: { inline: true },
    }),
  );
  const disabled = !permit.allowed;
  return (
    <form
      onSubmit={form.onSubmit((values) => saving.mutate({ org, ...values }))}
      noValidate
      className={styles.form}
    >
      <Stack gap="md">
        {permit.reason && <Notice>{permit.reason}</Notice>}
        <ErrorNote error={saving.error} />
        <Panel title={t("general")}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput
              {...form.getInputProps("name")}
              key={form.key("name")}
              label={t("name")}
              disabled={disabled}
            />
            <Select
              {...form.getInputProps("kind")}
              key={form.key("kind")}
              label={t("kind")}
              data={organisationKinds.map((value) => ({ value, label: common(`kind.${value}`) }))}
              disabled={disabled}
            />
          </SimpleGrid>
        </Panel>
        <Panel title={t("assumptions")} hint={t("assumptionsHint")}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <NumberInput
              {...form.getInputProps("pricePerCpuHour")}
              key={form.key("pricePerCpuHour")}
              label={t("price")}
              description={t("priceHelp")}
              min={0}
              step={0.01}
              decimalScale={6}
              hideControls
              disabled={disabled}
            />
            <Select
              {...form.getInputProps("currency")}
              key={form.key("currency")}
              label={t("currency")}
              description={t("currencyHelp")}
              data={useCurrencyOptions(data.currency.trim())}
              searchable
              disabled={disabled}
            />
            <Select
              {...form.getInputProps("gridRegion")}
              key={form.key("gridRegion")}
              label={t("grid")}
              description={t("gridHelp")}
              data={useRegionOptions(regions)}
              searchable
              disabled={disabled}
              className={styles.wide}
            />
          </SimpleGrid>
        </Panel>
        {permit.allowed && (
          <Group>
            <Button type="submit" loading={saving.isPending}>
              {common("save")}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}
