import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { SamplePage } from './sample-page';

export const metadata: Metadata = { title: 'Sample' };

export default async function Page({ params }: { params: Promise<{ id: string }> }): Promise<ReactNode> {
  const { id } = await params;
  return <SamplePage sample={id} />;
}
