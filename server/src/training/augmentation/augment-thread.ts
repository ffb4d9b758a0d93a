import { serveTasks } from '../../threads.js';
import { augmentBatch } from './augment-batch.js';

serveTasks(augmentBatch, ({ buffer }) => [buffer as ArrayBuffer]);
