import { IconCompass } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/links.tsx";

/** Says the same for what does not exist and for what is not the reader's to see. */
export function NotFoundState() {
  const t = useTranslations("common");
  return (
    <EmptyState
      icon={<IconCompass size={22} />}
      title={t("notFound.title")}
      isPage
      actions={<LinkButton href="/o">{t("errorPage.home")}</LinkButton>}
    >
      {t("notFound.text")}
    </EmptyState>
  );
}
