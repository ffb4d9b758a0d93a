'use client';
import { Menu } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { csvOf, saveText } from './csv';
import { DownloadIcon } from './icons';
import styles from './panel.module.css';
import { savePicture, type TakeAwayProps, useTaking } from './take-away';

export interface PanelFilesProps {
  title: string;
  query: TakeAwayProps['query'];
}

interface Found {
  name: string;
  part: HTMLTableElement | SVGSVGElement | HTMLCanvasElement;
}

/** Narrower pictures are marks of a list. */
const leastWidth = 120;

/** What is in the panel at the moment, by its names. */
export default function PanelFilesMenu(props: PanelFilesProps & { panel: () => HTMLElement | null }): ReactNode {
  const { title, query, panel } = props;
  const { said, tell, copyLink, copyOperation } = useTaking(query);
  const [found, setFound] = useState<readonly Found[]>(() => partsOf(panel(), title));
  const tables = found.filter(({ part }) => part instanceof HTMLTableElement);
  const pictures = found.filter(({ part }) => !(part instanceof HTMLTableElement));
  const file = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const named = (all: readonly Found[], place: number): string => (all.length > 1 ? `${file}-${place + 1}` : file);
  return (
    <Menu defaultOpened position="bottom-end" shadow="md" withinPortal onOpen={() => setFound(partsOf(panel(), title))}>
      <Menu.Target>
        <button type="button" className={styles.filesButton} aria-label={`Take away: ${title}`}>
          <DownloadIcon />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {tables.map(({ name, part }, place) => (
          <Menu.Item
            key={`table ${place}`}
            onClick={() => saveText(`${named(tables, place)}.csv`, csvOfShown(part as HTMLTableElement))}
          >
            {tables.length > 1 ? `${name} as CSV` : 'Table as CSV'}
          </Menu.Item>
        ))}
        {pictures.map(({ name, part }, place) =>
          (['svg', 'png'] as const).map(
            (kind) =>
              (kind === 'png' || part instanceof SVGSVGElement) && (
                <Menu.Item
                  key={`${kind} ${place}`}
                  onClick={() => tell(savePicture(part as SVGSVGElement, named(pictures, place), kind))}
                >
                  {pictures.length > 1 ? name : 'Picture'} as {kind.toUpperCase()}
                </Menu.Item>
              ),
          ),
        )}
        {found.length > 0 && <Menu.Divider />}
        {query &&
          (
            [
              ['graphql', 'GraphQL'],
              ['curl', 'curl'],
              ['python', 'Python'],
            ] as const
          ).map(([kind, label]) => (
            <Menu.Item key={kind} onClick={() => tell(copyOperation(kind))}>
              Copy as {label}
            </Menu.Item>
          ))}
        <Menu.Item onClick={() => tell(copyLink())}>Copy link</Menu.Item>
      </Menu.Dropdown>
      <span role="status" className="visually-hidden">
        {said}
      </span>
    </Menu>
  );
}

function partsOf(panel: HTMLElement | null, title: string): Found[] {
  if (!panel) return [];
  const parts = panel.querySelectorAll<Found['part']>('table, svg[role="img"], [role="img"] svg, canvas');
  return [...parts]
    .filter(
      (part) =>
        part instanceof HTMLTableElement ||
        (part.getBoundingClientRect().width >= leastWidth && part.closest('a, button') === null),
    )
    .map((part) => ({ name: nameOf(part, title), part }));
}

/** The beginning of its label, before what it lists. */
function nameOf(part: Element, title: string): string {
  const label = part.closest('[aria-label]')?.getAttribute('aria-label') ?? title;
  return label.split(':')[0].slice(0, 60);
}

/** As it is seen. */
function csvOfShown(table: HTMLTableElement): string {
  const texts = (row: HTMLTableRowElement): string[] =>
    [...row.cells].map((cell) => cell.innerText.replaceAll(/\s+/g, ' ').trim());
  const [head, ...rows] = [...table.rows].map(texts);
  return csvOf(head ?? [], rows);
}
