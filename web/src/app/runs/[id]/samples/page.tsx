import type { ReactNode } from 'react';
import { Samples } from './samples';

export default async function RunSamplesPage({ params }: { params: Promise<{ id: string }> }): Promise<ReactNode> {
  const { id } = await params;
  return <Samples run={id} />;
}
