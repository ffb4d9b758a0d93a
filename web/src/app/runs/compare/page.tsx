import type { ReactNode } from 'react';
import { ComparePanel } from '../../../panels/run-comparison/compare-panel';

export default function ComparePage(): ReactNode {
  return <ComparePanel />;
}
