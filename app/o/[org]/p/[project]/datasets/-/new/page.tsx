import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { RegisterDatasetPage } from "#components/dataset/register-page.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("dataset.form");
  return { title: t("newTitle") };
}

/** Under "-", which is no dataset's address: a dataset may be called "new". */
export default function NewDatasetPage() {
  return <RegisterDatasetPage />;
}
