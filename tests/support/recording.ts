import type { Split } from '../../server/src/split.js';
import type { SeededDataset } from './seed-run.js';
import type { TestServer } from './server.js';

export interface Refusal {
  error: { code: string; message: string; row: number | null; key: string | number | null };
}

export const recordRun = `mutation ($input: RecordRunInput!) { recordRun(input: $input) { uploadUrl id kind state configuration { seed } model { id } recording { capture configuration method } } }`;

/** A recorded run of a data set, whose uploads a test sends. */
export class Recorder {
  constructor(
    private readonly server: TestServer,
    private readonly seeded: SeededDataset,
  ) {}

  async begin(input: Record<string, unknown> = {}): Promise<string> {
    const { recordRun: begun } = await this.server.data(recordRun, {
      input: { dataset: this.seeded.dataset.name, capture: 'EVALUATION_PASS', ...input },
    });
    return begun.id as string;
  }

  async put<T = Record<string, unknown>>(
    run: string,
    epoch: number,
    split: Split,
    body: string | Uint8Array,
    query = '',
  ): Promise<{ status: number; answer: T }> {
    const response = await fetch(`${this.server.url}/runs/${run}/epochs/${epoch}/${split}${query}`, {
      method: 'PUT',
      body: body as never,
    });
    return { status: response.status, answer: (await response.json()) as T };
  }

  /** A plain classifier: logits, and nothing else. */
  logits(split: Split, epoch: number, keep: (n: number) => boolean = () => true): string {
    return this.seeded.samples
      .filter((sample) => sample.split === split)
      .filter((_, n) => keep(n))
      .map(({ key, index }) => JSON.stringify({ key, logits: [epoch + (index % 5), index % 3, index % 2] }))
      .join('\n');
  }
}
