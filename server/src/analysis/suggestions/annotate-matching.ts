import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { DataSource, EntityManager } from 'typeorm';
import { ConflictError, InvalidInputError } from '../../errors.js';
import { rowOf } from '../../graphql/global-id.js';
import { SqlParameters } from '../../datasets/sql-parameters.js';
import { AnnotationDetails } from '../../labels/annotation-input.js';
import { AnnotationAction } from '../../labels/annotation.entity.js';
import type { AnnotationService, Change } from '../../labels/annotation.service.js';
import { AnalysisFilter } from '../lists/analysis-filter.js';
import { checkPeopleWereAsked, filterSource, fromSource, type Needs } from '../lists/analysis-conditions.js';
import { analysisSource } from '../record/source.js';
import { requireRun } from '../samples/sample-analyses.js';

/** One transaction writes so many rows within a few seconds. */
const mostAnnotated = 100_000;

@InputType({ description: 'One decision on every sample of a run that meets a filter.' })
export class AnnotateMatchingInput extends AnnotationDetails {
  @Field(() => ID, { description: 'Like `run_1`; its newest epoch decides which samples match.' })
  run!: string;

  @Field(() => AnalysisFilter, { description: 'Which samples.' })
  filter!: AnalysisFilter;

  @Field(() => AnnotationAction, { nullable: true, description: 'Default RELABEL.' })
  action?: AnnotationAction | null;

  @Field(() => String, { nullable: true, description: 'As in `RelabelSampleInput`.' })
  label?: string | null;

  @Field(() => [Float], { nullable: true, description: 'As in `RelabelSampleInput`.' })
  distribution?: number[] | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many samples the person saw match. CONFLICT where it is another number by now.',
  })
  expected?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Any text that is used once, at most 100 characters. The same again changes nothing.',
  })
  idempotencyKey?: string | null;
}

@ObjectType({ description: 'What one decision on many samples did.' })
export class AnnotatedMatching {
  @Field(() => Int, { description: 'Samples decided on.' })
  annotated!: number;

  @Field(() => String, {
    nullable: true,
    description: '`Annotation.batch` of all of them, for `undoAnnotationBatch`; null where none matched.',
  })
  batch!: string | null;
}

/** Decides on all samples that match at once, or on none. @throws InvalidInputError, NotFoundError, ConflictError */
export function annotateMatching(
  dataSource: DataSource,
  annotations: AnnotationService,
  input: AnnotateMatchingInput,
): Promise<AnnotatedMatching> {
  return dataSource.transaction(async (manager) => {
    const { action, label, distribution, idempotencyKey } = input;
    const { sampleRows, datasetRow } = await matching(manager, input);
    if (idempotencyKey) {
      const before = await annotations.batchOf(manager, datasetRow, idempotencyKey);
      if (before.length > 0) return { annotated: before.length, batch: idempotencyKey };
    }
    const { expected } = input;
    if (expected !== null && expected !== undefined && expected !== sampleRows.length)
      throw new ConflictError(
        `input.expected: ${sampleRows.length} samples match by now, not ${expected}: look at them before deciding.`,
        { path: 'input.expected', found: sampleRows.length },
      );
    if (sampleRows.length > mostAnnotated)
      throw new InvalidInputError('input.filter', `at most ${mostAnnotated} samples that match`, sampleRows.length);
    if (sampleRows.length === 0) return { annotated: 0, batch: null };
    const changes = sampleRows.map((sampleRow): Change => ({ sampleRow, action, label, distribution }));
    const { labelSet, author, note } = input;
    const [first] = await annotations.annotate(
      manager,
      changes,
      { labelSet, author, note, idempotencyKey },
      () => 'input',
    );
    return { annotated: changes.length, batch: first!.batch };
  });
}

async function matching(
  manager: EntityManager,
  { run: id, filter }: AnnotateMatchingInput,
): Promise<{ sampleRows: number[]; datasetRow: number }> {
  const row = rowOf('run', id, 'input.run');
  const run = await requireRun(manager, row);
  const source = await analysisSource(manager, run, null);
  if (!source) return { sampleRows: [], datasetRow: run.datasetRow };
  const parameters = new SqlParameters();
  const needs: Needs = { votes: [], clean: [] };
  const { where, joinsSample } = filterSource(source, run, filter, parameters, needs);
  await checkPeopleWereAsked(manager, run, source, needs);
  const rows: { sample_row: number }[] = await manager.query(
    `SELECT a.sample_row FROM ${fromSource(source, joinsSample)} WHERE ${where} ORDER BY a.sample_row LIMIT ${mostAnnotated + 1}`,
    parameters.values,
  );
  return { sampleRows: rows.map(({ sample_row }) => sample_row), datasetRow: run.datasetRow };
}
