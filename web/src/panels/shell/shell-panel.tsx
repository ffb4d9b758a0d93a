'use client';
import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { Suspense, type ReactNode } from 'react';
import { routes } from '../../navigation/routes';
import { useReturn } from '../../navigation/use-return';
import { KeyHelp } from './key-help';
import { Mark, MoonIcon, PersonIcon, SunIcon } from '../../theme/icons';
import styles from './shell.module.css';

const places = [
  { href: routes.datasets, label: 'Data', rooms: ['/samples/'] },
  { href: routes.runs, label: 'Runs', rooms: [] },
  { href: routes.explore, label: 'Explore', rooms: [] },
  { href: routes.review(), label: 'Review', rooms: [] },
  { href: routes.experiments, label: 'Experiments', rooms: [] },
  { href: routes.models, label: 'Models', rooms: [] },
  { href: routes.api, label: 'API', rooms: [] },
];

function isCurrent(path: string, { href, rooms }: (typeof places)[number]): boolean {
  return path === href || path.startsWith(`${href}/`) || rooms.some((room) => path.startsWith(room));
}

function SchemeSwitch(): ReactNode {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: true });
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={`Switch to ${other} colours`}
      onClick={() => setColorScheme(other)}
    >
      {scheme === 'dark' ? <SunIcon /> : <MoonIcon />}
    </ActionIcon>
  );
}

/** Keeps scroll and focus for the way back; renders nothing. */
function Return(): null {
  useReturn();
  return null;
}

export interface ShellProps {
  /** At the right of the header: what goes anywhere. */
  palette: ReactNode;
  /** Beside it: views that have names. */
  views: ReactNode;
  /** Between header and page: what the reader has to know wherever they are. */
  notice?: ReactNode;
  children: ReactNode;
}

/** Header with navigation around every page. */
export function Shell({ palette, views, notice, children }: ShellProps): ReactNode {
  const path = usePathname();
  return (
    <>
      <a className={styles.skip} href="#content">
        Skip to content
      </a>
      <header className={styles.header}>
        <div className={styles.bar}>
          <Link href="/" className={styles.brand} aria-label="Ada-DF, first page">
            <Mark />
            <b>Ada-DF</b>
          </Link>
          <nav className={styles.nav} aria-label="Main">
            {places.map((place) => (
              <Link
                key={place.href}
                href={place.href}
                className={styles.link}
                aria-current={isCurrent(path, place) ? 'page' : undefined}
              >
                {place.label}
              </Link>
            ))}
          </nav>
          {palette}
          {views}
          <KeyHelp />
          <ActionIcon
            component={Link}
            href={routes.access}
            variant="subtle"
            color="gray"
            size="lg"
            aria-label="Access: who you are, tokens, audit log"
            title="Access: who you are, tokens, audit log"
          >
            <PersonIcon />
          </ActionIcon>
          <SchemeSwitch />
        </div>
        <div className={styles.strip} aria-hidden="true">
          <span />
          <span />
          <span />
          <span />
        </div>
      </header>
      <Suspense>
        <Return />
      </Suspense>
      {notice}
      <main id="content" className={styles.main}>
        {children}
      </main>
    </>
  );
}
