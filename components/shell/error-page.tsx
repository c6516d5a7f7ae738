"use client";

import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { bodyOfDigest } from "#components/api/error-body.ts";
import { leaveForSignIn } from "#components/api/session-ended.ts";
import { useErrorText } from "#components/api/use-error.ts";
import { ErrorState } from "#components/ui/error-state.tsx";
import { LinkButton } from "#components/ui/links.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";

/** What Next hands to an error boundary. */
export interface ErrorPageProps {
  readonly error: unknown;
  readonly retry: () => void;
}

/** A page that could not be made: what happened, what to do, an ID to quote. */
export function ErrorPage({ error, retry }: ErrorPageProps) {
  const t = useTranslations("common");
  const body = bodyOfDigest(error);
  const { text, quote } = useErrorText()(body);
  useEffect(() => {
    if (body.code === "unauthenticated") leaveForSignIn();
  }, [body.code]);
  return (
    <>
      <PageHeader title={t("errorPage.title")} />
      <ErrorState
        text={text}
        quote={quote}
        onRetry={retry}
        actions={
          <LinkButton href="/o" size="xs" variant="subtle">
            {t("errorPage.home")}
          </LinkButton>
        }
      />
    </>
  );
}
