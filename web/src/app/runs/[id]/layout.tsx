import type { ReactNode } from 'react';
import { routes } from '../../../navigation/routes';
import { RunWords } from '../../../panels/things/page-words';
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
    <Found what="run" href={routes.runs} others="All runs">
      <RunWords id={id}>{children}</RunWords>
    </Found>
  );
}
