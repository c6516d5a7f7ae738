"use client";

import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { useMemo } from "react";
import { formatBytes } from "#components/ui/format.ts";
import styles from "./lineage.module.css";
import { QualityChange, SizeChange } from "./lineage-change.tsx";
import { layoutOf, type Placed } from "./lineage-layout.ts";
import type { LineageProps } from "./lineage-panel.tsx";
import { usePlace } from "./use-place.ts";

const node = { width: 112, height: 44 } as const;
const gap = { x: 324, y: 20 } as const;
const pad = { x: 20, top: 28, bottom: 16 } as const;
/** What an edge says stands on its line, and ends a little above it. */
const labelHeight = 40;
/** Where an edge turns, right of its parent. */
const turn = 16;

const left = ({ column }: Placed) => pad.x + column * (node.width + gap.x);
const top = ({ row }: Placed) => pad.top + row * (node.height + gap.y);
const middle = (placed: Placed) => top(placed) + node.height / 2;

/** Versions from left to right, with recipe and change on each edge. */
export function LineageGraph({ lineage, current, slug }: LineageProps) {
  const t = useTranslations("model");
  const locale = useLocale();
  const { base } = usePlace();
  const { versions, edges } = lineage;
  const { layout, placeOf } = useMemo(() => {
    // Oldest first: the first version stands at the left, later ones below.
    const ids = versions.toSorted((one, other) => one.number - other.number).map(({ id }) => id);
    const made = layoutOf(
      ids,
      edges.map(({ parentVersionId, versionId }) => ({ parent: parentVersionId, child: versionId })),
    );
    return { layout: made, placeOf: new Map(made.placed.map((placed) => [placed.id, placed])) };
  }, [versions, edges]);
  const byId = new Map(versions.map((version) => [version.id, version]));
  const width = pad.x * 2 + layout.columns * node.width + Math.max(0, layout.columns - 1) * gap.x;
  const height = pad.top + pad.bottom + layout.rows * node.height + Math.max(0, layout.rows - 1) * gap.y;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className={styles.scroller} data-sideways aria-label={t("lineage.region")} tabIndex={0}>
      <div className={styles.canvas} style={{ width, height }}>
        <svg className={styles.lines} width={width} height={height} aria-hidden="true" focusable="false">
          {edges.map((edge) => {
            const [from, to] = [placeOf.get(edge.parentVersionId), placeOf.get(edge.versionId)];
            if (!from || !to) return null;
            const start = left(from) + node.width;
            return (
              <path
                key={edge.versionId}
                d={`M${start} ${middle(from)}H${start + turn}V${middle(to)}H${left(to)}`}
                data-current={edge.versionId === current || undefined}
              />
            );
          })}
        </svg>
        {layout.placed.map((placed) => {
          const version = byId.get(placed.id);
          return (
            version && (
              <Link
                key={placed.id}
                href={`${base}/models/${slug}/${version.number}`}
                className={styles.node}
                aria-current={placed.id === current ? "page" : undefined}
                style={{ left: left(placed), top: top(placed), width: node.width, height: node.height }}
              >
                <span className={styles.number}>{t("version", { number: version.number })}</span>
                <span className={styles.size}>{formatBytes(version.bytes, locale)}</span>
              </Link>
            )
          );
        })}
        {edges.map((edge) => {
          const to = placeOf.get(edge.versionId);
          if (!to || to.column === 0) return null;
          return (
            <div
              key={edge.versionId}
              className={styles.label}
              style={{
                left: left(to) - gap.x + turn + 8,
                top: middle(to) - labelHeight,
                width: gap.x - turn - 16,
                height: labelHeight,
              }}
            >
              <span className={styles.recipe} title={edge.recipeName}>
                {edge.run ? (
                  <Link href={`${base}/runs/${edge.run.id}`}>{edge.recipeName}</Link>
                ) : (
                  edge.recipeName
                )}
              </span>
              <span className={styles.deltas}>
                <SizeChange edge={edge} parent={byId.get(edge.parentVersionId)} withName />
                <QualityChange edge={edge} />
              </span>
            </div>
          );
        })}
      </div>
    </section>
  );
}
