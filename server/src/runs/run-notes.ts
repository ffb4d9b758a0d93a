import { Field, InputType } from 'type-graphql';
import type { EntityManager } from 'typeorm';
import { InvalidInputError, requireFound } from '../errors.js';
import { globalId } from '../graphql/global-id.js';
import { announce } from './events/training-events.js';
import { TrainingRun } from './training-run.entity.js';

const longestName = 100;
const longestTag = 40;
const mostTags = 30;
const longestNotes = 20_000;

@InputType({ description: 'What people call a run and say of it. What is left out stays as it is.' })
export class DescribeRunInput {
  @Field(() => String, { nullable: true, description: `1 to ${longestName} characters.` })
  name?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: `Instead of those it has: at most ${mostTags} of at most ${longestTag} characters; the same twice counts once.`,
  })
  tags?: string[] | null;

  @Field(() => String, { nullable: true, description: `At most ${longestNotes} characters; empty takes them away.` })
  notes?: string | null;
}

/** @throws InvalidInputError with the path of what is wrong; NotFoundError */
export async function describeRun(manager: EntityManager, row: number, input: DescribeRunInput): Promise<TrainingRun> {
  const repository = manager.getRepository(TrainingRun);
  const changes = checked(input);
  if (Object.keys(changes).length > 0) await repository.update({ row }, changes);
  const run = requireFound(await repository.findOneBy({ row }), 'Run', globalId('run', row));
  await announce(manager, { run: row, kind: 'state' });
  return run;
}

function checked({ name, tags, notes }: DescribeRunInput): Partial<Pick<TrainingRun, 'name' | 'tags' | 'notes'>> {
  const changes: Partial<Pick<TrainingRun, 'name' | 'tags' | 'notes'>> = {};
  if (name !== null && name !== undefined) changes.name = textOf('input.name', name.trim(), 1, longestName);
  if (tags !== null && tags !== undefined) {
    const words = tags.map((tag, place) => textOf(`input.tags.${place}`, tag.trim(), 1, longestTag));
    changes.tags = [...new Set(words)];
    if (changes.tags.length > mostTags)
      throw new InvalidInputError('input.tags', `at most ${mostTags} tags`, changes.tags.length);
  }
  if (notes !== null && notes !== undefined) changes.notes = textOf('input.notes', notes, 0, longestNotes);
  return changes;
}

function textOf(path: string, text: string, least: number, most: number): string {
  if (text.length < least || text.length > most || text.includes('\u0000'))
    throw new InvalidInputError(path, `${least} to ${most} characters`, text.length > most ? `${text.length}` : text);
  return text;
}
