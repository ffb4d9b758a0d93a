'use client';
import { Button, Menu } from '@mantine/core';
import type { DocumentNode } from 'graphql';
import { useState, type ReactNode, type RefObject } from 'react';
import { saveText } from './csv';
import { DownloadIcon } from './icons';
import { operationText, type OperationKind } from './operation-text';
import { pngOf, svgText } from './picture-file';

export interface TakeAwayProps {
  /** Of files, without an ending. */
  name: string;
  /** The table, as RFC 4180. */
  csv?: () => string;
  /** What holds the picture: an SVG or a canvas. */
  picture?: RefObject<HTMLElement | null>;
  /** The question behind the view. */
  query?: { document: DocumentNode; variables: Readonly<Record<string, unknown>> };
  /** Files that the server makes. */
  files?: readonly { label: string; href: string }[];
}

/** Everything that a view can be taken away as. */
export function TakeAway({ name, csv, picture, query, files = [] }: TakeAwayProps): ReactNode {
  const [said, setSaid] = useState('');
  const tell = (work: Promise<string>): void =>
    void work.then(setSaid, (error: unknown) => setSaid(error instanceof Error ? error.message : String(error)));
  const copy = async (text: string): Promise<string> => {
    await navigator.clipboard.writeText(text);
    return 'Copied.';
  };
  const copyOperation = async (kind: OperationKind): Promise<string> => {
    const { print } = await import('graphql');
    const operation = { query: print(query!.document), variables: query!.variables };
    return copy(operationText(kind, operation, `${window.location.origin}/graphql`));
  };
  const item = (label: string, work: () => Promise<string>): ReactNode => (
    <Menu.Item key={label} onClick={() => tell(work())}>
      {label}
    </Menu.Item>
  );
  return (
    <Menu position="bottom-end" shadow="md" withinPortal>
      <Menu.Target>
        <Button variant="default" leftSection={<DownloadIcon />} data-testid="take-away">
          Take away
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {csv && item('Table as CSV', async () => (saveText(`${name}.csv`, csv()), 'Saved.'))}
        {picture && item('Picture as SVG', () => savePicture(picture, name, 'svg'))}
        {picture && item('Picture as PNG', () => savePicture(picture, name, 'png'))}
        {files.map(({ label, href }) => (
          <Menu.Item key={label} component="a" href={href} download>
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {query && item('Copy as GraphQL', () => copyOperation('graphql'))}
        {query && item('Copy as curl', () => copyOperation('curl'))}
        {query && item('Copy as Python', () => copyOperation('python'))}
        {item('Copy link', () => copy(window.location.href))}
      </Menu.Dropdown>
      <span role="status" className="visually-hidden">
        {said}
      </span>
    </Menu>
  );
}

async function savePicture(held: RefObject<HTMLElement | null>, name: string, kind: 'svg' | 'png'): Promise<string> {
  const svg = held.current?.querySelector<SVGSVGElement>('svg[role="img"]') ?? null;
  const picture = svg ?? held.current?.querySelector('canvas') ?? null;
  if (!picture) throw new Error('There is no picture yet.');
  if (kind === 'svg' && !svg) throw new Error('This picture consists of points: take it as PNG.');
  if (kind === 'svg') saveText(`${name}.svg`, svgText(svg!), 'image/svg+xml;charset=utf-8');
  else await saveBlob(`${name}.png`, await pngOf(picture));
  return 'Saved.';
}

async function saveBlob(name: string, blob: Blob): Promise<void> {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
