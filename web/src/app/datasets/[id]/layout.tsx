import type { ReactNode } from 'react';
import { routes } from '../../../navigation/routes';
import { Found } from '../../found';

export default function Layout({ children }: { children: ReactNode }): ReactNode {
  return (
    <Found what="data set" href={routes.datasets} others="Data sets">
      {children}
    </Found>
  );
}
