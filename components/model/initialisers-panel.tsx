"use client";

import { Text, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useLocale, useTranslations } from "next-intl";
import { useMemo, useRef, useState } from "react";
import { formatBytes, formatPercent } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import { SearchBox } from "#components/ui/search-box.tsx";
import type { Inspection } from "#engine/inspect.schema.ts";
import { type InitialiserKey, type InitialiserSort, sortedInitialisers } from "./initialiser-sort.ts";
import styles from "./initialisers.module.css";
import modelStyles from "./model.module.css";
import { shapeText } from "./shape.ts";

type Initialiser = Inspection["initializers"][number];

const rowHeight = 32;
/** Rows beyond this scroll inside the panel. */
const shownRows = 14;

/** The stored tensors: name, type, shape, bytes. Any number of them; only what is in view is drawn. */
export function InitialisersPanel({ initialisers }: { initialisers: readonly Initialiser[] }) {
  const t = useTranslations("model.initialisers");
  const locale = useLocale();
  const [sort, setSort] = useState<InitialiserSort>({ by: "bytes", descending: true });
  const [search, setSearch] = useState("");
  const rows = useMemo(() => sortedInitialisers(initialisers, search, sort), [initialisers, search, sort]);
  const bytes = initialisers.reduce((sum, each) => sum + each.bytes, 0);
  if (initialisers.length === 0) {
    return (
      <Panel title={t("title")}>
        <Text c="dimmed">{t("none")}</Text>
      </Panel>
    );
  }
  return (
    <Panel
      title={t("title")}
      hint={t("hint", { count: initialisers.length, bytes: formatBytes(bytes, locale) })}
      flush
      actions={
        initialisers.length > shownRows && (
          <SearchBox label={t("search")} value={search} onChange={setSearch} />
        )
      }
    >
      <InitialiserRows rows={rows} total={bytes} sort={sort} onSort={setSort} />
      {rows.length === 0 && (
        <Text className={modelStyles.foot} role="status">
          {t("noMatch", { search })}
        </Text>
      )}
    </Panel>
  );
}

interface RowsProps {
  readonly rows: readonly Initialiser[];
  readonly total: number;
  readonly sort: InitialiserSort;
  readonly onSort: (sort: InitialiserSort) => void;
}

function InitialiserRows({ rows, total, sort, onSort }: RowsProps) {
  const t = useTranslations("model.initialisers");
  const locale = useLocale();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    initialRect: { width: 800, height: rowHeight * shownRows },
  });
  const height = Math.min(rows.length, shownRows) * rowHeight;
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows that are drawn only while in view cannot be a table's own.
    <div role="table" aria-label={t("title")} aria-rowcount={rows.length + 1} className={styles.table}>
      {/* biome-ignore lint/a11y/useSemanticElements: see above. */}
      <div role="rowgroup">
        <Row className={styles.head} index={1}>
          {(["name", "dtype", "shape", "bytes"] as const).map((key) => (
            <SortHead key={key} column={key} sort={sort} onSort={onSort} />
          ))}
          <Cell kind="columnheader">{t("share")}</Cell>
        </Row>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: see above. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <div role="rowgroup" ref={scroller} className={styles.scroller} style={{ height }} tabIndex={0}>
        <div role="presentation" style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return (
              row && (
                <Row key={item.key} className={styles.row} index={item.index + 2} top={item.start}>
                  <Cell title={row.name}>{row.name}</Cell>
                  <Cell>{row.dtype}</Cell>
                  <Cell>{shapeText(row.shape)}</Cell>
                  <Cell>{formatBytes(row.bytes, locale)}</Cell>
                  <Cell>{shareText(row.bytes, total, locale)}</Cell>
                </Row>
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** Small shares are said to be small, not nothing. */
function shareText(bytes: number, total: number, locale: string): string {
  if (total === 0 || bytes === 0) return formatPercent(0, locale, 0);
  const share = bytes / total;
  return share < 0.001 ? `<${formatPercent(0.001, locale, 1)}` : formatPercent(share, locale, 1);
}

interface RowProps {
  readonly className: string | undefined;
  readonly index: number;
  readonly top?: number;
  readonly children: React.ReactNode;
}

function Row({ className, index, top, children }: RowProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see InitialiserRows.
    // biome-ignore lint/a11y/useFocusableInteractive: a row of a static table has no focus of its own.
    <div
      role="row"
      aria-rowindex={index}
      className={className}
      style={top === undefined ? undefined : { transform: `translateY(${top}px)` }}
    >
      {children}
    </div>
  );
}

interface CellProps {
  readonly kind?: "cell" | "columnheader";
  readonly title?: string;
  readonly children: React.ReactNode;
}

function Cell({ kind = "cell", title, children }: CellProps) {
  return (
    <div role={kind} title={title} className={styles.cell}>
      {children}
    </div>
  );
}

interface SortHeadProps extends Pick<RowsProps, "sort" | "onSort"> {
  readonly column: InitialiserKey;
}

function SortHead({ column, sort, onSort }: SortHeadProps) {
  const t = useTranslations("model.initialisers");
  const isHere = sort.by === column;
  const Arrow = sort.descending ? IconArrowDown : IconArrowUp;
  const direction = sort.descending ? "descending" : "ascending";
  return (
    // biome-ignore lint/a11y/useSemanticElements: see InitialiserRows.
    // biome-ignore lint/a11y/useFocusableInteractive: the button inside has the focus.
    <div role="columnheader" aria-sort={isHere ? direction : undefined} className={styles.cell}>
      <UnstyledButton
        className={styles.sort}
        aria-label={t("sortBy", { column: t(column) })}
        onClick={() => onSort({ by: column, descending: isHere ? !sort.descending : column === "bytes" })}
      >
        {t(column)} {isHere && <Arrow size={14} aria-hidden />}
      </UnstyledButton>
    </div>
  );
}
