'use client';
import { Button, Menu } from '@mantine/core';
import type { DocumentNode } from 'graphql';
import { useState, type ReactNode, type RefObject } from 'react';
import { saveText } from './csv';
import { DownloadIcon } from './icons';
import { operationText, type OperationKind } from './operation-text';
import { pngOf, svgText } from './picture-file';
import { errorWords } from './error-words';

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
  const { said, tell, copyLink, copyOperation } = useTaking(query);
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
        {picture && item('Picture as SVG', () => savePicture(pictureIn(picture), name, 'svg'))}
        {picture && item('Picture as PNG', () => savePicture(pictureIn(picture), name, 'png'))}
        {files.map(({ label, href }) => (
          <Menu.Item key={label} component="a" href={href} download>
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {query && item('Copy as GraphQL', () => copyOperation('graphql'))}
        {query && item('Copy as curl', () => copyOperation('curl'))}
        {query && item('Copy as Python', () => copyOperation('python'))}
        {item('Copy link', copyLink)}
      </Menu.Dropdown>
      <span role="status" className="visually-hidden">
        {said}
      </span>
    </Menu>
  );
}

export interface Taking {
  /** What came of it, for who listens. */
  said: string;
  tell: (work: Promise<string>) => void;
  copyLink: () => Promise<string>;
  copyOperation: (kind: OperationKind) => Promise<string>;
}

/** Copies the question behind a view, and says so. */
export function useTaking(query: TakeAwayProps['query']): Taking {
  const [said, setSaid] = useState('');
  const copy = async (text: string): Promise<string> => {
    await navigator.clipboard.writeText(text);
    return 'Copied.';
  };
  return {
    said,
    tell: (work) => void work.then(setSaid, (error: unknown) => setSaid(errorWords(error))),
    copyLink: () => copy(window.location.href),
    copyOperation: async (kind) => {
      const { print } = await import('graphql');
      const operation = { query: print(query!.document), variables: query!.variables };
      return copy(operationText(kind, operation, `${window.location.origin}/graphql`));
    },
  };
}

type Picture = SVGSVGElement | HTMLCanvasElement;

function pictureIn(held: RefObject<HTMLElement | null>): Picture | null {
  return held.current?.querySelector<SVGSVGElement>('svg[role="img"]') ?? held.current?.querySelector('canvas') ?? null;
}

/** @throws Error where there is no picture of this kind. */
export async function savePicture(picture: Picture | null, name: string, kind: 'svg' | 'png'): Promise<string> {
  if (!picture) throw new Error('There is no picture yet.');
  if (kind === 'png') await saveBlob(`${name}.png`, await pngOf(picture));
  else if (picture instanceof HTMLCanvasElement) throw new Error('This picture consists of points: take it as PNG.');
  else saveText(`${name}.svg`, svgText(picture), 'image/svg+xml;charset=utf-8');
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
