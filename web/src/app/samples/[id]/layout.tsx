import type { ReactNode } from 'react';
import { routes } from '../../../navigation/routes';
import { SampleWords } from '../../../panels/things/page-words';
import { Found } from '../../found';

export default async function Layout({
  children,
  params,
}: {
  children: ReactNode;
  params: Promise<{ id: string }>;
}): Promise<ReactNode> {
  const { id } = await params;
  return (
    <Found what="sample" href={routes.datasets} others="Data sets">
      <SampleWords id={id}>{children}</SampleWords>
    </Found>
  );
}
