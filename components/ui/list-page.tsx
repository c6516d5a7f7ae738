"use client";

import { IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { EmptyState } from "./empty-state.tsx";
import { LinkButton } from "./links.tsx";
import styles from "./list-page.module.css";
import { MoreButton, type Pages } from "./more-button.tsx";
import { type Crumb, PageHeader } from "./page-header.tsx";
import { Panel } from "./panel.tsx";
import { SearchBox } from "./search-box.tsx";
import type { Search } from "./use-search.ts";

export interface ListPageProps {
  readonly title: string;
  readonly lead: string;
  readonly crumbs: readonly Crumb[];
  /** Where a first and a next one are made; undefined where the reader may not. */
  readonly create: { readonly href: string; readonly label: string } | undefined;
  readonly isEmpty: boolean;
  /** What is shown in place of an empty list: what the room is for, a sentence or two a paragraph. */
  readonly empty: {
    readonly icon: ReactNode;
    readonly title: string;
    readonly paragraphs: readonly string[];
  };
  /** Above the list, whether it is empty or not. */
  readonly above?: ReactNode;
  /** How many there are, in words. */
  readonly count: string;
  readonly search: Search;
  readonly searchLabel: string;
  /** Beside the search box. */
  readonly filter?: ReactNode;
  readonly pages: Pages;
  /** What went wrong while it was read; nothing where nothing did. */
  readonly error: ReactNode;
  /** No row is shown, and why: nothing matches, or there is none of this kind. */
  readonly isNone: boolean;
  readonly noneText: string;
  /** The table. */
  readonly children: ReactNode;
}

/** The page of a room that lists one kind of thing: searched, a page at a time, or an invitation while it is empty. */
export function ListPage(props: ListPageProps) {
  const { title, isEmpty, empty, search, error } = props;
  const create = props.create && (
    <LinkButton href={props.create.href} leftSection={<IconPlus size={16} aria-hidden />}>
      {props.create.label}
    </LinkButton>
  );
  return (
    <>
      <PageHeader
        title={title}
        meta={isEmpty ? undefined : props.lead}
        crumbs={props.crumbs}
        actions={isEmpty ? undefined : create}
      />
      <div className={styles.stack}>
        {props.above}
        {isEmpty ? (
          <Panel>
            <EmptyState icon={empty.icon} title={empty.title} actions={create}>
              {empty.paragraphs.map((words) => (
                <p key={words}>{words}</p>
              ))}
            </EmptyState>
          </Panel>
        ) : (
          <Panel
            title={props.count}
            flush
            actions={
              <>
                {props.filter}
                <SearchBox label={props.searchLabel} value={search.typed} onChange={search.type} />
              </>
            }
          >
            {error}
            {!props.isNone && props.children}
            {/* After a failure nobody knows whether anything matches. */}
            {props.isNone && !error && (
              <p className={styles.none} role="status">
                {props.noneText}
              </p>
            )}
            <MoreButton pages={props.pages} />
          </Panel>
        )}
      </div>
    </>
  );
}
