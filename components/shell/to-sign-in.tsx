"use client";

import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { TextLink } from "#components/ui/links.tsx";
import { PublicFrame } from "./public-frame.tsx";

/** Leads to the sign-in page and back to this address afterwards. */
export function ToSignIn({ hadSession }: { hadSession: boolean }) {
  const t = useTranslations("shell");
  useEffect(() => {
    const next = `${window.location.pathname}${window.location.search}`;
    const query = new URLSearchParams({ ...(hadSession && { reason: "ended" }), next });
    window.location.replace(`/signin?${query}`);
  }, [hadSession]);
  return (
    <PublicFrame>
      <TextLink href="/signin">{t("signIn")}</TextLink>
    </PublicFrame>
  );
}
