import type { DataSource } from 'typeorm';
import { Field, Float, ID, InputType, Int } from 'type-graphql';
import { Split } from '../../split.js';
import { InvalidInputError } from '../../errors.js';
import { globalId, rowOf } from '../../graphql/global-id.js';
import type { LabelSetMaker } from '../../labels/label-set-maker.js';
import type { LabelSet } from '../../labels/label-set.entity.js';
import { NoiseKind } from '../../labels/noise/noise-record.js';
import { isRecorded } from '../../runs/training-run.entity.js';
import { readSplit } from '../../runs/recorded/columns.js';
import { fusionBounds } from '../record/analyse-epoch.js';
import { fusedOf, isKnown, rowOf as vectorOf } from '../record/opinion-labels.js';
import { checkEpoch, newestEpoch } from '../record/read-aggregates.js';
import { EpochFacts, noRange, requireRun } from '../samples/sample-analyses.js';
import { Predictor } from '../reports/run-reports.js';

@InputType({
  description: 'Flip the training labels that a run finds most ambiguous, each to the second class that the run sees.',
})
export class RunNoiseInput {
  @Field(() => ID, { description: 'Like `run_1`.' })
  run!: string;

  @Field(() => Int, { nullable: true, description: 'Counted from 1. Default: the newest.' })
  epoch?: number | null;

  @Field(() => Predictor, { nullable: true, description: 'Whose distribution decides. Default TARGET.' })
  distribution?: Predictor | null;

  @Field(() => Float, { description: 'Share of the labelled training samples to flip, above 0 and at most 1.' })
  rate!: number;

  @Field(() => Int, { nullable: true, description: 'Orders samples that are equally ambiguous. Default 1.' })
  seed?: number | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The set to flip labels of. Default: the clean labels where they are known, else the given ones.',
  })
  base?: string | null;

  @Field(() => String, { description: 'Unique within the data set, at most 100 characters.' })
  name!: string;
}

const distributionNames: Record<Predictor, string> = { AUXILIARY: 'label', FUSED: 'fused', TARGET: 'target' };

/** Instance-dependent noise by what a run says of its training samples. @throws NotFoundError, InvalidInputError */
export async function injectRunNoise(
  dataSource: DataSource,
  maker: LabelSetMaker,
  input: RunNoiseInput,
): Promise<LabelSet> {
  const runRow = rowOf('run', input.run, 'input.run');
  const run = await requireRun(dataSource.manager, runRow);
  const classes = run.dataset.classes.length;
  const newest = await newestEpoch(dataSource.manager, runRow);
  if (newest === null) throw new InvalidInputError('input.run', 'a run that has recorded an epoch', input.run);
  const epoch = checkEpoch(input.epoch ?? null, newest);
  const outputs = await readSplit(
    dataSource.manager,
    { runRow, classes, recorded: isRecorded(run) },
    Split.TRAIN,
    epoch,
  );
  if (!outputs) throw new InvalidInputError('input.run', 'a run with training samples', input.run);
  const { classDistributions, attentionRanges } = (await EpochFacts.read(dataSource.manager, [{ runRow, epoch }])).of(
    runRow,
    epoch,
  );
  const fusion = { classDistributions, range: attentionRanges[Split.TRAIN] ?? noRange, bounds: fusionBounds(run) };
  const predictor = input.distribution ?? Predictor.TARGET;
  const rows: { row: number; index: number }[] = await dataSource.query(
    'SELECT "row", "index" FROM sample WHERE dataset_row = $1 AND split = $2',
    [run.datasetRow, Split.TRAIN],
  );
  const positions = new Map(Array.from(outputs.sampleRows, (row, position) => [row, position]));
  const byIndex = new Map(rows.map(({ row, index }) => [index, positions.get(row)]));
  const distributionOf = (index: number): ArrayLike<number> | null => {
    const position = byIndex.get(index);
    if (position === undefined) return null;
    const { labelDistributions, targetDistributions } = outputs;
    const said =
      predictor === Predictor.FUSED
        ? fusedOf(outputs, position, classes, fusion)
        : vectorOf(predictor === Predictor.TARGET ? targetDistributions : labelDistributions, position, classes);
    return said && isKnown(said) ? said : null;
  };
  const called = `the ${distributionNames[predictor]} distributions of ${run.id} after epoch ${epoch}`;
  const { rate, name, seed = null, base = null } = input;
  return maker.injectNoise(
    { dataset: globalId('dataset', run.datasetRow), base, name, kind: NoiseKind.INSTANCE, rate, seed },
    { called, distributionOf },
  );
}
