import { Field, ID, InputType } from 'type-graphql';
import type { SelectQueryBuilder } from 'typeorm';
import { rowOf } from '../graphql/global-id.js';
import { RunState, type TrainingRun } from './training-run.entity.js';

@InputType('RunFilter', { description: 'Which runs. All that is given holds.' })
export class RunListFilter {
  @Field(() => [RunState], { nullable: true, description: 'In one of these states.' })
  states?: RunState[] | null;

  @Field(() => ID, { nullable: true, description: 'On this data set, like `dataset_1`.' })
  dataset?: string | null;

  @Field(() => ID, { nullable: true, description: 'On these labels, like `labelset_1`.' })
  labelSet?: string | null;

  @Field(() => [String], { nullable: true, description: 'With every one of these tags.' })
  tags?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Text that occurs in the name or the notes, upper and lower case alike.',
  })
  text?: string | null;

  @Field(() => [ID], { nullable: true, description: 'One of these, like `run_1`.' })
  ids?: string[] | null;
}

/** Leaves the runs, as `run`, that meet the filter too. @throws InvalidInputError for an id of another kind. */
export function narrowRuns(query: SelectQueryBuilder<TrainingRun>, filter: RunListFilter): void {
  const { states, dataset, labelSet, tags, text, ids } = filter;
  if (states) query.andWhere('run.state = ANY(:states::run_state[])', { states });
  if (dataset)
    query.andWhere('run.datasetRow = :datasetRow', { datasetRow: rowOf('dataset', dataset, 'filter.dataset') });
  if (labelSet)
    query.andWhere('run.labelSetRow = :labelSetRow', { labelSetRow: rowOf('labelset', labelSet, 'filter.labelSet') });
  if (tags && tags.length > 0) query.andWhere('run.tags @> :tags::text[]', { tags });
  if (text)
    query.andWhere("(run.name || ' ' || run.notes) ILIKE :text", {
      text: `%${text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`,
    });
  if (ids)
    query.andWhere('run.row = ANY(:rows::int[])', {
      rows: ids.map((id, place) => rowOf('run', id, `filter.ids.${place}`)),
    });
}
