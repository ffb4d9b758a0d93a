import type { ReactNode } from 'react';
import { routes } from '../../../navigation/routes';
import { DatasetWords } from '../../../panels/things/page-words';
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
    <Found what="data set" href={routes.datasets} others="Data sets">
      <DatasetWords id={id}>{children}</DatasetWords>
    </Found>
  );
}
