'use client';
import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { Mark, MoonIcon, SunIcon } from './icons';
import styles from './shell.module.css';

const places = [
  { href: '/', label: 'Overview', rooms: ['/datasets'] },
  { href: '/runs', label: 'Runs', rooms: ['/samples'] },
  { href: '/models', label: 'Models', rooms: [] },
  { href: '/graphiql', label: 'API', rooms: [] },
];

function isCurrent(path: string, place: (typeof places)[number]): boolean {
  if (path === place.href || place.rooms.some((room) => path.startsWith(room))) return true;
  return place.href !== '/' && path.startsWith(`${place.href}/`);
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

/** Header with navigation around every page. */
export function Shell({ children }: { children: ReactNode }): ReactNode {
  const path = usePathname();
  return (
    <>
      <a className={styles.skip} href="#content">
        Skip to content
      </a>
      <header className={styles.header}>
        <div className={styles.bar}>
          <Link href="/" className={styles.brand} aria-label="Ada-DF, overview">
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
          <SchemeSwitch />
        </div>
        <div className={styles.strip} aria-hidden="true">
          <span />
          <span />
          <span />
          <span />
        </div>
      </header>
      <main id="content" className={styles.main}>
        {children}
      </main>
    </>
  );
}
