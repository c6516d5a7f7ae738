import { useTranslations } from "next-intl";
import styles from "./landing.module.css";

/** Points of the drawing: [x, y, half of the interval, series]; no figures, because none was measured. */
const frontier = [
  [70, 206, 16, 1],
  [128, 164, 13, 2],
  [214, 118, 11, 3],
  [352, 84, 9, 1],
] as const;
const dominated = [
  [172, 214, 14, 4],
  [262, 176, 12, 5],
  [306, 142, 12, 4],
  [236, 226, 15, 6],
] as const;

/** A drawing of the picture at the heart of the product: quality against cost, and the frontier between them. */
export function FrontierPicture() {
  const t = useTranslations("landing.picture");
  const line = `M${frontier.map(([x, y], index) => (index === 0 ? `${x} ${y}` : `H${x}V${y}`)).join("")}H420`;
  return (
    <figure className={styles.picture}>
      <svg viewBox="8 44 424 238" role="img" aria-label={t("label")}>
        {[60, 110, 160, 210].map((y) => (
          <line key={y} x1="40" x2="420" y1={y} y2={y} className={styles.grid} />
        ))}
        <line x1="40" x2="420" y1="250" y2="250" className={styles.axis} />
        <line x1="40" x2="420" y1="190" y2="190" className={styles.budget} />
        <text x="420" y="184" textAnchor="end" className={styles.budgetText}>
          {t("budget")}
        </text>
        {dominated.map(([x, y, half, series]) => (
          <g key={x} className={styles.faint} style={{ color: `var(--app-series-${series})` }}>
            <line x1={x} x2={x} y1={y - half} y2={y + half} className={styles.bar} />
            <circle cx={x} cy={y} r="5" fill="currentColor" />
          </g>
        ))}
        <path d={line} className={styles.line} />
        {frontier.slice(0, -1).map(([x, y, half, series]) => (
          <g key={x} style={{ color: `var(--app-series-${series})` }}>
            <line x1={x} x2={x} y1={y - half} y2={y + half} className={styles.bar} />
            <circle cx={x} cy={y} r="5.5" fill="currentColor" />
          </g>
        ))}
        <rect
          x="346"
          y="78"
          width="12"
          height="12"
          transform="rotate(45 352 84)"
          className={styles.baseline}
        />
        <text x="352" y="66" textAnchor="middle" className={styles.caption}>
          {t("baseline")}
        </text>
        <text x="128" y="146" textAnchor="middle" className={styles.captionStrong}>
          {t("frontier")}
        </text>
        <text x="230" y="274" textAnchor="middle" className={styles.caption}>
          {t("cost")}
        </text>
        <text x="24" y="150" textAnchor="middle" transform="rotate(-90 24 150)" className={styles.caption}>
          {t("quality")}
        </text>
      </svg>
      <figcaption>{t("caption")}</figcaption>
    </figure>
  );
}
