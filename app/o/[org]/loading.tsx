import { useTranslations } from "next-intl";
import { PageSkeleton } from "#components/ui/page-skeleton.tsx";

export default function Loading() {
  return <PageSkeleton label={useTranslations("common")("loading")} />;
}
