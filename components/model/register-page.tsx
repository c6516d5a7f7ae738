"use client";

import { Button, Loader, SegmentedControl, Stack, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { useEffect, useState } from "react";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { ProblemNote } from "#components/upload/problem-note.tsx";
import { useDismiss } from "#components/upload/use-dismiss.ts";
import { useUploadRows } from "#components/upload/use-upload-rows.ts";
import type { RegisteredModel } from "#contracts/model.ts";
import { BuildForm } from "./build/build-form.tsx";
import styles from "./model.module.css";
import { RegisterForm } from "./register-form.tsx";
import { type Place, usePlace } from "./use-place.ts";

interface Registered {
  readonly made: RegisteredModel;
  readonly fileName: string;
  readonly uploadId: string;
}

/** Where a new model comes from. */
const ways = ["upload", "build"] as const;

interface RegisterModelPageProps {
  /** The model that gets a new version; without it, a new model. */
  readonly model?: { readonly id: string; readonly name: string; readonly slug: string };
}

/** Registers a model, or a new version of `model`, and waits with the person until it is inspected. */
export function RegisterModelPage(props: RegisterModelPageProps) {
  return (
    <NuqsAdapter>
      <Registration {...props} />
    </NuqsAdapter>
  );
}

function Registration({ model }: RegisterModelPageProps) {
  const t = useTranslations("model.form");
  const place = usePlace();
  const [registered, setRegistered] = useState<Registered>();
  const [way, setWay] = useQueryState("from", parseAsStringLiteral(ways).withDefault("upload"));
  const isBuilt = way === "build";
  const from = (
    <SegmentedControl
      className={styles.from}
      aria-label={t("from.label")}
      value={way}
      onChange={(value) => void setWay(ways.find((one) => one === value) ?? "upload")}
      data={ways.map((value) => ({ value, label: t(`from.${value}`) }))}
    />
  );
  const crumbs = place.crumbs("models");
  if (model) crumbs.push({ label: model.name, href: `${place.base}/models/${model.slug}` });
  return (
    <>
      <PageHeader
        title={model ? t("versionTitle", { name: model.name }) : t("newTitle")}
        meta={model ? t("versionLead") : t("newLead")}
        crumbs={crumbs}
      />
      {registered ? (
        <Inspection place={place} registered={registered} onAgain={() => setRegistered(undefined)} />
      ) : isBuilt && !model ? (
        <>
          {from}
          <BuildForm
            place={place}
            onRegistered={(made, fileName, uploadId) => setRegistered({ made, fileName, uploadId })}
          />
        </>
      ) : (
        <>
          {!model && from}
          <RegisterForm
            place={place}
            {...(model && { model })}
            onRegistered={(made, fileName, uploadId) => setRegistered({ made, fileName, uploadId })}
          />
        </>
      )}
    </>
  );
}

interface InspectionProps {
  readonly place: Place;
  readonly registered: Registered;
  readonly onAgain: () => void;
}

function Inspection({ place, registered, onAgain }: InspectionProps) {
  const t = useTranslations("model.form");
  const upload = useTranslations("upload");
  const router = useRouter();
  const dismiss = useDismiss(place.org);
  const { made, fileName, uploadId } = registered;
  const row = useUploadRows(place.org, place.project)?.find(({ id }) => id === uploadId);
  const isDone = row?.state === "registered";
  const href = `${place.base}/models/${made.slug}/${made.number}`;
  useEffect(() => {
    if (isDone) router.replace(href);
  }, [isDone, router, href]);
  if (row?.state === "rejected" && row.problem) {
    return (
      <ProblemNote
        fileName={fileName}
        problem={row.problem}
        actions={
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              void dismiss([uploadId]);
              onAgain();
            }}
          >
            {t("again")}
          </Button>
        }
      />
    );
  }
  return (
    <Panel>
      <Stack align="center" py="xl" gap="sm" role="status">
        <Loader size="sm" aria-hidden />
        <Text>{isDone ? t("done") : upload("checking", { name: fileName })}</Text>
      </Stack>
    </Panel>
  );
}
