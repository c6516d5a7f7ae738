"use client";

import { Badge, Button, Group, Skeleton, Text } from "@mantine/core";
import { IconBuilding, IconLink } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { usePermit } from "#components/shell/use-permit.ts";
import { notifyDone } from "#components/ui/notify.ts";
import type { GrantRow } from "#contracts/share.ts";
import styles from "./share.module.css";
import type { ShareButtonProps } from "./share-button.tsx";

/** Who may see it now, and who could before; each can be ended at once. */
export function Grants({ org, subject, subjectId }: ShareButtonProps) {
  const t = useTranslations("share");
  const trpc = useTRPC();
  const client = useQueryClient();
  const grants = useQuery(trpc.share.list.queryOptions({ org, of: { subject, subjectId } }));
  const mayRevoke = usePermit("share.revoke").allowed;
  const revoking = useMutation(
    trpc.share.revoke.mutationOptions({
      onSuccess: () => notifyDone(t("revoked")),
      onSettled: () => client.invalidateQueries(trpc.share.list.queryFilter({ org })),
    }),
  );
  return (
    <section aria-label={t("grants")}>
      <Text size="sm" fw={600} mb={6}>
        {t("grants")}
      </Text>
      <ErrorNote error={grants.error} onRetry={() => void grants.refetch()} />
      {grants.isPending && <Skeleton height={44} />}
      {grants.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("noGrants")}
        </Text>
      )}
      <ul className={styles.grants}>
        {activeFirst(grants.data ?? []).map((grant) => (
          <Grant
            key={grant.id}
            grant={grant}
            isBusy={revoking.isPending && revoking.variables.grantId === grant.id}
            onRevoke={mayRevoke ? () => revoking.mutate({ org, grantId: grant.id }) : undefined}
          />
        ))}
      </ul>
    </section>
  );
}

const activeFirst = (grants: readonly GrantRow[]) =>
  grants.toSorted((one, other) => Number(other.state === "active") - Number(one.state === "active"));

/** The button that was pressed is gone: the keyboard goes on at the harmless answer. */
const focus = (button: HTMLButtonElement | null) => button?.focus();

interface GrantProps {
  readonly grant: GrantRow;
  readonly isBusy: boolean;
  readonly onRevoke: (() => void) | undefined;
}

function Grant({ grant, isBusy, onRevoke }: GrantProps) {
  const t = useTranslations("share");
  const [isAsking, setIsAsking] = useState(false);
  const { audience, canDownload, createdBy, state } = grant;
  const name = audience.kind === "organisation" ? audience.name : t("anyone");
  const Icon = audience.kind === "organisation" ? IconBuilding : IconLink;
  const facts = [
    t(canDownload ? "download" : "view"),
    useWhen(grant),
    t("grantedBy", { name: createdBy }),
  ].filter((fact) => fact !== undefined);
  return (
    <li className={styles.grant} data-over={state !== "active" || undefined}>
      <Icon size={18} stroke={1.6} aria-hidden />
      <div className={styles.words}>
        <span className={styles.who}>{name}</span>
        <span className={styles.facts}>{facts.join(" · ")}</span>
      </div>
      {state !== "active" || !onRevoke ? (
        <Badge color={state === "active" ? "green" : "gray"}>{t(`state.${state}`)}</Badge>
      ) : (
        !isAsking && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            aria-label={t("revokeLabel", { audience: name })}
            onClick={() => setIsAsking(true)}
          >
            {t("revoke")}
          </Button>
        )
      )}
      {isAsking && state === "active" && onRevoke && (
        <div className={styles.ask} role="alert">
          <span>{t("revokeText")}</span>
          <Group gap="xs" justify="flex-end">
            <Button size="xs" variant="default" onClick={() => setIsAsking(false)} ref={focus}>
              {t("keep")}
            </Button>
            <Button size="xs" color="red" loading={isBusy} onClick={onRevoke}>
              {t("revokeAction")}
            </Button>
          </Group>
        </div>
      )}
    </li>
  );
}

/** Until when, or since when not; nothing where the state says it all. */
function useWhen({ expiresAt, state }: GrantRow): string | undefined {
  const t = useTranslations("share");
  const format = useFormatter();
  if (state === "revoked") return undefined;
  if (expiresAt === null) return t("untilRevoked");
  const date = format.dateTime(expiresAt, { dateStyle: "medium", timeStyle: "short" });
  return t(state === "expired" ? "ended" : "until", { date });
}
