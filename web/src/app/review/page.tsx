import type { ReactNode } from 'react';
import { ReviewPanel } from '../../panels/review/review-panel';

export default function ReviewPage(): ReactNode {
  return <ReviewPanel />;
}
