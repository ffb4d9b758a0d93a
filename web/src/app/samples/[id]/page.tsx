import type { ReactNode } from 'react';
import { SamplePage } from './sample-page';

export default async function Page({ params }: { params: Promise<{ id: string }> }): Promise<ReactNode> {
  const { id } = await params;
  return <SamplePage sample={id} />;
}
