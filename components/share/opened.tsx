"use client";

import { IconLinkOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useSubscription } from "@trpc/tanstack-react-query";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useState } from "react";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { type StreamState, useConnection } from "#components/run/use-connection.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/links.tsx";
import { PageSkeleton } from "#components/ui/page-skeleton.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { hasEnded } from "#contracts/run.ts";
import type { SharedView } from "#contracts/share.ts";
import { isOver } from "./over.ts";
import { SharedPage } from "./shared-page.tsx";

/** Runs that are still under way are read again this often. */
const refreshMs = 10_000;

/**
 * What is shared is read by the browser and not put into the page's HTML, and it is not kept in the cache: when the
 * grant ends, taking the view away takes everything away.
 */
const reading = {
  gcTime: 0,
  staleTime: 0,
  refetchInterval: ({ state }: { state: { data?: SharedView | undefined } }) =>
    state.data?.runs.some((run) => !hasEnded(run.state)) ? refreshMs : (false as const),
};

/**
 * The stream's refusal is taken where it arrives: the connection is cut right after it, and that state would replace
 * this one before the page is drawn.
 */
function endOf(onOver: () => void) {
  const look = (error: unknown) => {
    if (isOver(error)) onOver();
  };
  return { onError: look, onConnectionStateChange: ({ error }: { error: unknown }) => look(error) };
}

/** What a grant to one's organisation opens. */
export function OpenedGrant({ org, grantId }: { org: string; grantId: string }) {
  const t = useTranslations("share");
  const back = { label: t("received.title"), href: `/o/${org}/shared` };
  return (
    <UntilOver action={<LinkButton href={back.href}>{t("page.closedBack")}</LinkButton>}>
      {(onOver) => <Grant org={org} grantId={grantId} onOver={onOver} />}
    </UntilOver>
  );
}

/** What a link without sign-in opens. */
export function OpenedLink({ token }: { token: string }) {
  const t = useTranslations("share.page");
  return (
    <UntilOver action={<LinkButton href="/">{t("closedHome")}</LinkButton>}>
      {(onOver) => <LinkView token={token} onOver={onOver} />}
    </UntilOver>
  );
}

/** Shows the view until it is over; then a statement stands in its place, and nothing of the view is left. */
function UntilOver({ action, children }: { action: ReactNode; children: (onOver: () => void) => ReactNode }) {
  const t = useTranslations("share.page");
  const [over, setOver] = useState(false);
  if (!over) return children(() => setOver(true));
  return (
    <div role="status">
      <Panel>
        <EmptyState
          icon={<IconLinkOff size={24} stroke={1.6} />}
          title={t("closedTitle")}
          isPage
          actions={action}
        >
          {t("closedText")}
        </EmptyState>
      </Panel>
    </div>
  );
}

function Grant({ org, grantId, onOver }: { org: string; grantId: string; onOver: () => void }) {
  const t = useTranslations("share");
  const trpc = useTRPC();
  const opened = useQuery({ ...trpc.shared.open.queryOptions({ org, grantId }), ...reading });
  const stream = useSubscription(trpc.shared.watch.subscriptionOptions({ org, grantId }, endOf(onOver)));
  return (
    <View
      opened={opened}
      stream={stream}
      onOver={onOver}
      crumbs={[{ label: t("received.title"), href: `/o/${org}/shared` }]}
      download={(run) =>
        `/api/artifacts/shared?${new URLSearchParams({ org, grant: grantId, run: String(run) })}`
      }
    />
  );
}

function LinkView({ token, onOver }: { token: string; onOver: () => void }) {
  const trpc = useTRPC();
  const opened = useQuery({ ...trpc.link.open.queryOptions({ token }), ...reading });
  const stream = useSubscription(trpc.link.watch.subscriptionOptions({ token }, endOf(onOver)));
  return (
    <View
      opened={opened}
      stream={stream}
      onOver={onOver}
      crumbs={[]}
      download={(run) => `/api/artifacts/shared?${new URLSearchParams({ token, run: String(run) })}`}
    />
  );
}

interface ViewProps {
  readonly opened: {
    readonly data: SharedView | undefined;
    readonly error: unknown;
    readonly refetch: () => Promise<unknown>;
  };
  readonly stream: StreamState;
  readonly onOver: () => void;
  readonly crumbs: readonly { readonly label: string; readonly href: string }[];
  readonly download: (run: number) => string;
}

function View({ opened, stream, onOver, crumbs, download }: ViewProps) {
  const t = useTranslations("share.page");
  const ended = isOver(opened.error);
  useEffect(() => {
    if (ended) onOver();
  }, [ended, onOver]);
  const { isLost } = useConnection(stream, !ended, () => void opened.refetch());
  if (ended) return null;
  if (opened.data)
    return <SharedPage view={opened.data} crumbs={crumbs} download={download} isLost={isLost} />;
  if (opened.error) return <ErrorNote error={opened.error} onRetry={() => void opened.refetch()} />;
  return <PageSkeleton label={t("loading")} />;
}
