import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { RegisterModelPage } from "#components/model/register-page.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("model.form");
  return { title: t("newTitle") };
}

/** Under "-", which is no model's address: a model may be called "new". */
export default function NewModelPage() {
  return <RegisterModelPage />;
}
