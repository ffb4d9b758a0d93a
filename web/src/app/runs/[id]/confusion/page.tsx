import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ConfusionHead } from '../../../../panels/confusion/confusion-head';
import { ConfusionPanel } from '../../../../panels/confusion/confusion-panel';

export const metadata: Metadata = { title: 'Confusion of a run' };

export default async function ConfusionPage({ params }: { params: Promise<{ id: string }> }): Promise<ReactNode> {
  const { id } = await params;
  return (
    <>
      <ConfusionHead run={id} />
      <ConfusionPanel run={id} whole />
    </>
  );
}
