import Link from 'next/link';
import type { ReactNode } from 'react';
import { routes } from '../navigation/routes';
import { Empty } from '../theme/states';

export default function NotFound(): ReactNode {
  return (
    <Empty title="There is no such page">
      <p>
        Back to the <Link href={routes.overview}>overview</Link>.
      </p>
    </Empty>
  );
}
