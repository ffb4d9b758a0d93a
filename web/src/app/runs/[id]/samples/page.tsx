import type { ReactNode } from 'react';
import { RunSamplesPanel } from '../../../../panels/run-samples/run-samples-panel';

export default async function RunSamplesPage({ params }: { params: Promise<{ id: string }> }): Promise<ReactNode> {
  const { id } = await params;
  return <RunSamplesPanel run={id} />;
}
