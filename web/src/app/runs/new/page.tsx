import type { ReactNode } from 'react';
import { StartTrainingPanel } from '../../../panels/start-training/start-training-panel';

export default function NewRunPage(): ReactNode {
  return <StartTrainingPanel />;
}
