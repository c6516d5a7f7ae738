import { useTranslations } from "next-intl";
import { LinkButton } from "#components/ui/links.tsx";
import { Ordinal } from "#components/ui/ordinal.tsx";
import { TierMark } from "#components/ui/tier-mark.tsx";
import { FrontierPicture } from "./frontier-picture.tsx";
import styles from "./landing.module.css";

const steps = ["register", "launch", "compare", "share"] as const;
const promises = ["measured", "honest", "together"] as const;
const readers = ["engineer", "scientist", "economist", "policy"] as const;
const tiers = ["metered", "modelled", "imported", "planned"] as const;

/** What this product is, for somebody who has never seen it. */
export function Landing({ isMember }: { isMember: boolean }) {
  const t = useTranslations("landing");
  const tier = useTranslations("common.tier");
  return (
    <>
      <section className={styles.hero}>
        <div>
          <h1 className={styles.headline}>{t("headline")}</h1>
          <p className={styles.lead}>{t("lead")}</p>
          <div className={styles.actions}>
            <LinkButton href={isMember ? "/o" : "/signup"} size="md">
              {isMember ? t("open") : t("start")}
            </LinkButton>
            <LinkButton href="/benchmarks" size="md" variant="default">
              {t("benchmarks")}
            </LinkButton>
          </div>
          <p className={styles.note}>{t("note")}</p>
        </div>
        <FrontierPicture />
      </section>

      <ul className={styles.promises}>
        {promises.map((key) => (
          <li key={key} className={styles.promise}>
            <h2>{t(`promise.${key}`)}</h2>
            <p>{t(`promise.${key}Text`)}</p>
          </li>
        ))}
      </ul>

      <section className={styles.section} aria-labelledby="steps">
        <h2 id="steps">{t("stepsTitle")}</h2>
        <ol className={styles.steps}>
          {steps.map((key, index) => (
            <li key={key}>
              <Ordinal position={index + 1} isLarge />
              <h3>{t(`step.${key}`)}</h3>
              <p>{t(`step.${key}Text`)}</p>
            </li>
          ))}
        </ol>
      </section>

      <section className={styles.split}>
        <div className={styles.section}>
          <h2>{t("tiersTitle")}</h2>
          <p className={styles.text}>{t("tiersText")}</p>
          <dl className={styles.tiers}>
            {tiers.map((key) => (
              <div key={key}>
                <dt>
                  <TierMark tier={key} withLabel />
                </dt>
                <dd>{tier(`${key}Help`)}</dd>
              </div>
            ))}
          </dl>
        </div>
        <div className={styles.section}>
          <h2>{t("readersTitle")}</h2>
          <dl className={styles.readers}>
            {readers.map((key) => (
              <div key={key}>
                <dt>{t(`reader.${key}`)}</dt>
                <dd>{t(`reader.${key}Text`)}</dd>
              </div>
            ))}
          </dl>
        </div>
      </section>

      <footer className={styles.footer}>{t("footer")}</footer>
    </>
  );
}
