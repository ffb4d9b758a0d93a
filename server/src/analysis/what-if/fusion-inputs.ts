import type { EntityManager } from 'typeorm';
import { InvalidInputError } from '../../errors.js';
import { type FusedSplit, fuseSplit, type SplitToFuse } from '../../metrics/fuse-split.js';
import { readSplit } from '../../runs/recorded/columns.js';
import type { SplitOutputs } from '../../runs/recorded/epoch-result.js';
import { isRecorded, type TrainingRun } from '../../runs/training-run.entity.js';
import { Split } from '../../split.js';
import { fusionBounds } from '../record/analyse-epoch.js';
import { type HumanLabels, readHumanLabels, votesLabel } from '../record/human-labels.js';
import { fusionScores } from '../../runs/recorded/epoch-row.js';
import { EpochFacts, noRange } from '../samples/sample-analyses.js';

/** What a run recorded of a split after an epoch, ready to be fused in other ways. */
export interface FusionInputs {
  run: TrainingRun;
  epoch: number;
  split: Split;
  outputs: SplitOutputs;
  /** Of TRAIN, from which class distributions are mined; null where the run recorded none. */
  mining: Pick<SplitOutputs, 'labels' | 'labelDistributions'> | null;
  toFuse: SplitToFuse;
  recorded: FusedSplit;
  /** Class indices, `[N]`; -1 where unknown. */
  clean: Int16Array;
  votesClass: Int16Array;
}

/** Splits kept in memory: about 50 MB each at 300,000 samples of seven classes. */
const mostKept = 3;

/** Reads fusion inputs; keeps those that were asked for last, since a person tries one setting after the other. */
export class FusionInputsReader {
  private readonly held = new Map<string, Promise<FusionInputs>>();

  /** `run` has its data set. @throws InvalidInputError for a split or epoch that was not recorded. */
  async read(manager: EntityManager, run: TrainingRun, split: Split, epoch: number): Promise<FusionInputs> {
    const [found]: { row: number; votes: string }[] = await manager.query(
      `SELECT e."row", coalesce(p.content_sha256, '') AS votes FROM epoch e
         LEFT JOIN recorded_part p ON p.run_row = e.run_row AND p.epoch = e.number AND p.split = $3::split
        WHERE e.run_row = $1 AND e.number = $2`,
      [run.row, epoch, split],
    );
    const key = `${found?.row} ${split} ${found?.votes}`;
    const reading = this.held.get(key) ?? readInputs(manager, run, split, epoch);
    this.held.delete(key);
    this.held.set(key, reading);
    reading.catch(() => this.held.delete(key));
    if (this.held.size > mostKept) this.held.delete(this.held.keys().next().value!);
    return reading;
  }
}

async function readInputs(
  manager: EntityManager,
  run: TrainingRun,
  split: Split,
  epoch: number,
): Promise<FusionInputs> {
  const classes = run.dataset.classes.length;
  const layout = { runRow: run.row, classes, recorded: isRecorded(run) };
  const outputs = await readSplit(manager, layout, split, epoch);
  if (!outputs || outputs.sampleRows.length === 0)
    throw new InvalidInputError('split', `a split that the run saw after epoch ${epoch}`, split);
  const mining = split === Split.TRAIN ? outputs : await readSplit(manager, layout, Split.TRAIN, epoch);
  const human = await readHumanLabels(manager, run, outputs.sampleRows);
  const { classDistributions, attentionRanges } = (await EpochFacts.read(manager, [{ runRow: run.row, epoch }])).of(
    run.row,
    epoch,
  );
  const bounds = fusionBounds(run);
  const toFuse: SplitToFuse = {
    labelDistributions: outputs.labelDistributions,
    labels: outputs.labels,
    classDistributions,
    scores: fusionScores(outputs, bounds.source),
    range: attentionRanges[split] ?? noRange,
    bounds,
    votes: packVotes(human, classes),
  };
  return {
    run,
    epoch,
    split,
    outputs,
    mining,
    toFuse,
    recorded: fuseSplit(toFuse),
    clean: human.clean,
    votesClass: Int16Array.from(human.votes, votesLabel),
  };
}

/** `[N * C]`; NaN without votes. */
function packVotes({ votes }: HumanLabels, classes: number): Float32Array {
  const packed = new Float32Array(votes.length * classes).fill(Number.NaN);
  votes.forEach((distribution, n) => distribution && packed.set(distribution, n * classes));
  return packed;
}
