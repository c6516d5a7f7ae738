"use client";

import { Button } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useFormatter, useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { RemarkLine } from "#components/remark/remark-line.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { type RunLogLine, saidInLine } from "#contracts/run.ts";
import styles from "./run.module.css";

export interface LogPanelProps {
  readonly onEarlier: () => void;
  readonly isReading: boolean;
  readonly lines: readonly RunLogLine[];
  readonly lastSeq: number;
  readonly isActive: boolean;
}

const lineHeight = 20;
const mostHeight = 360;
/** Nearer to the end than this and the reader means to follow. */
const nearEnd = 40;

/** What the worker wrote. It follows the newest line unless the reader scrolls up. */
export function LogPanel({ lines, lastSeq, isActive, onEarlier, isReading }: LogPanelProps) {
  const t = useTranslations("run.page");
  const format = useFormatter();
  const scroll = useRef<HTMLDivElement>(null);
  const [isFollowing, setIsFollowing] = useState(isActive);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => lineHeight,
    // The first lines are in the page before the browser has measured anything.
    initialRect: { width: 800, height: mostHeight },
    overscan: 20,
  });
  const count = lines.length;
  useEffect(() => {
    if (isFollowing && count > 0) virtual.scrollToIndex(count - 1, { align: "end" });
  }, [virtual, count, isFollowing]);
  const onScroll = () => {
    const area = scroll.current;
    if (area) setIsFollowing(area.scrollHeight - area.scrollTop - area.clientHeight < nearEnd);
  };
  return (
    <Panel
      title={t("log")}
      hint={t("logLines", { count: Math.max(lastSeq, lines.at(-1)?.seq ?? 0) })}
      flush
      actions={
        <>
          {(lines[0]?.seq ?? 1) > 1 && (
            <Button size="compact-xs" variant="default" loading={isReading} onClick={onEarlier}>
              {t("earlier")}
            </Button>
          )}
          {!isFollowing && count > 0 && isActive && (
            <Button size="compact-xs" variant="default" onClick={() => setIsFollowing(true)}>
              {t("follow")}
            </Button>
          )}
        </>
      }
    >
      {count === 0 ? (
        <p className={styles.none}>{t("logEmpty")}</p>
      ) : (
        <div
          ref={scroll}
          className={styles.log}
          onScroll={onScroll}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: an area that scrolls must be reachable by keyboard.
          tabIndex={0}
          role="log"
          aria-label={t("log")}
          aria-live="off"
        >
          <div style={{ height: virtual.getTotalSize(), position: "relative" }}>
            {virtual.getVirtualItems().map((item) => {
              const line = lines[item.index];
              return (
                line && (
                  <div
                    key={line.seq}
                    ref={virtual.measureElement}
                    data-index={item.index}
                    className={styles.line}
                    data-level={line.level}
                    style={{ transform: `translateY(${item.start}px)` }}
                  >
                    <time dateTime={line.at.toISOString()}>
                      {format.dateTime(line.at, {
                        hour: "2-digit",
                        minute: "2-digit",
                        second: "2-digit",
                        hour12: false,
                      })}
                    </time>
                    <RemarkLine said={saidInLine(line)} />
                  </div>
                )
              );
            })}
          </div>
        </div>
      )}
    </Panel>
  );
}
