import Link from 'next/link';
import type { ReactNode } from 'react';
import { PanelFiles } from './panel-files';
import styles from './panel.module.css';
import type { TakeAwayProps } from './take-away';

export type Span = 3 | 4 | 5 | 6 | 7 | 8 | 9 | 12;

export interface PanelProps {
  title: string;
  note?: ReactNode;
  /** Controls at the right of the head. */
  aside?: ReactNode;
  /** Columns of 12 inside a `Grid` on wide screens. */
  span?: Span;
  /** No padding: tables and lists that reach the edges. */
  flush?: boolean;
  /** The question behind it, which can be taken away beside what is seen. */
  query?: TakeAwayProps['query'];
  children: ReactNode;
}

export function Panel({ title, note, aside, span = 12, flush = false, query, children }: PanelProps): ReactNode {
  return (
    <section className={styles.panel} data-span={span} aria-label={title}>
      <div className={styles.head}>
        <h2 className={styles.title}>{title}</h2>
        {note !== undefined && <span className={styles.note}>{note}</span>}
        {aside !== undefined && <div className={styles.aside}>{aside}</div>}
        <PanelFiles title={title} query={query} />
      </div>
      <div className={flush ? `${styles.body} ${styles.flush}` : styles.body}>{children}</div>
    </section>
  );
}

export function Grid({ children }: { children: ReactNode }): ReactNode {
  return <div className={styles.grid}>{children}</div>;
}

/** Panels over each other in one column of a `Grid`. */
export function Stack({ span, children }: { span: Span; children: ReactNode }): ReactNode {
  return (
    <div className={styles.stack} data-span={span}>
      {children}
    </div>
  );
}

interface Crumb {
  label: string;
  href?: string;
}

export interface PageHeadProps {
  crumbs: Crumb[];
  title: ReactNode;
  /** Of the browser's tab: name and state, most particular first. Default: the title where it is text. */
  tab?: string;
  aside?: ReactNode;
  children?: ReactNode;
}

/** Title, way back and actions of a page; it also names the browser's tab. */
export function PageHead({ crumbs, title, tab, aside, children }: PageHeadProps): ReactNode {
  const named = tab ?? (typeof title === 'string' && title !== '…' ? title : null);
  return (
    <div className={styles.pageHead}>
      <title>{named === null ? 'Ada-DF' : `${named} · Ada-DF`}</title>
      <div style={{ minWidth: 0 }}>
        {/* A crumb alone says no more than the head of the page. */}
        {crumbs.length > 1 && (
          <nav aria-label="Breadcrumb">
            <ol className={styles.crumbs}>
              {crumbs.map((crumb) => (
                <li key={crumb.label}>{crumb.href ? <Link href={crumb.href}>{crumb.label}</Link> : crumb.label}</li>
              ))}
            </ol>
          </nav>
        )}
        <h1 className={styles.pageTitle}>{title}</h1>
        {children}
      </div>
      {aside !== undefined && <div className={styles.aside}>{aside}</div>}
    </div>
  );
}

/** Label and value pairs in a row. */
export function Facts({ facts }: { facts: readonly (readonly [ReactNode, ReactNode])[] }): ReactNode {
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value], place) => (
        <div key={place}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Table({ label, children }: { label: string; children: ReactNode }): ReactNode {
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={label}>
      <table className={styles.table}>{children}</table>
    </div>
  );
}
