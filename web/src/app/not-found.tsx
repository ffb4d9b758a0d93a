import type { ReactNode } from 'react';
import { routes } from '../navigation/routes';
import { Missing } from '../theme/states';

export default function NotFound(): ReactNode {
  return <Missing what="page" href={routes.overview} others="To the first page" />;
}
