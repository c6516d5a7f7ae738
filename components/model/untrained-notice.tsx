"use client";

import { useTranslations } from "next-intl";
import { useTechniqueWords } from "#components/recipe/words/technique-words.ts";
import { LinkButton } from "#components/ui/links.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { ModelVersionDetail } from "#contracts/model.ts";
import { wordsKey } from "./build/architectures.ts";
import { usePlace } from "./use-place.ts";

/** Says of a model that nothing has trained it yet, and leads on to what does. */
export function UntrainedNotice({ version }: { version: ModelVersionDetail }) {
  const t = useTranslations("model.untrained");
  const words = useTechniqueWords();
  const place = usePlace();
  const of = version.inspection?.untrained;
  if (!of) return null;
  const chosen = `model=${version.model.slug}:${version.number}`;
  return (
    <Notice
      tone="warning"
      title={t("title")}
      actions={
        place.may("experiment.create") && (
          <>
            <LinkButton size="xs" href={`${place.base}/experiments/new?${chosen}`}>
              {t("experiment")}
            </LinkButton>
            <LinkButton
              size="xs"
              variant="default"
              href={`${place.base}/recipes/-/new?launch=true&${chosen}`}
            >
              {t("recipe")}
            </LinkButton>
          </>
        )
      }
    >
      {t("text", { kind: words.name(wordsKey(of.architecture.kind)), seed: String(of.seed) })}
    </Notice>
  );
}
