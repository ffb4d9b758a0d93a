import type { DataSource, EntityManager } from 'typeorm';
import { Split } from '../../split.js';
import { SqlParameters } from '../../datasets/sql-parameters.js';
import { InvalidInputError, NotFoundError } from '../../errors.js';
import { globalId, rowOf } from '../../graphql/global-id.js';
import type { AnnotationService } from '../../labels/annotation.service.js';
import type { LabelSetMaker } from '../../labels/label-set-maker.js';
import type { LabelSet } from '../../labels/label-set.entity.js';
import type { TrainingRun } from '../../runs/training-run.entity.js';
import {
  checkPeopleWereAsked,
  filterSource,
  fromSource,
  type Needs,
  opinionColumns,
} from '../lists/analysis-conditions.js';
import { injectRunNoise, type RunNoiseInput } from './run-noise.js';
import { findRuns, readAnalyses } from '../samples/sample-analyses.js';
import { analysisSource, type AnalysisSource } from '../record/source.js';
import {
  type AcceptedSuggestions,
  type AcceptSuggestionsInput,
  type LabelSuggestion,
  Suggester,
} from './suggestion-types.js';

const defaultProbability = 0.9;
const defaultMaximum = 1000;
const mostAccepted = 10_000;
/** Vectors held at a time. */
const samplesAtOnce = 2000;

type Suggestion = LabelSuggestion & { index: number };

/** Turns what a run says into labels: decisions of people who agree with it, or noise where it is unsure. */
export class SuggestionService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly annotations: AnnotationService,
    private readonly maker: LabelSetMaker,
  ) {}

  /** @throws InvalidInputError, NotFoundError */
  injectNoise(input: RunNoiseInput): Promise<LabelSet> {
    return injectRunNoise(this.dataSource, this.maker, input);
  }

  /** The most probable suggestions become annotations, in one transaction. @throws InvalidInputError, NotFoundError */
  async accept(input: AcceptSuggestionsInput): Promise<AcceptedSuggestions> {
    const { minimumProbability, maximum } = checked(input);
    const runRow = rowOf('run', input.run, 'input.run');
    return this.dataSource.transaction(async (manager) => {
      const run = (await findRuns(manager, [runRow])).get(runRow);
      if (!run) throw new NotFoundError('Run', input.run);
      const before = input.idempotencyKey
        ? await this.annotations.batchOf(manager, run.datasetRow, input.idempotencyKey)
        : [];
      if (before.length > 0) {
        const earlier = before.map(({ sampleRow, fromLabel, toLabel, score }) => ({
          sampleRow,
          fromLabel: fromLabel!,
          toLabel: toLabel!,
          probability: score ?? 0,
        }));
        return answer(
          run,
          earlier.map((one) => named(run, one)),
          { disagreeing: before.length, decidedAlready: 0, tooImprobable: 0 },
          before[0]!.batch,
        );
      }
      const { all, disagreeing, decidedAlready } = await suggest(manager, run, input);
      const probable = all.filter(({ probability }) => probability >= minimumProbability);
      const taken = probable.sort((a, b) => b.probability - a.probability || a.index - b.index).slice(0, maximum);
      const left = { disagreeing, decidedAlready, tooImprobable: all.length - probable.length };
      if (input.dryRun || taken.length === 0) return answer(run, taken, left, null);
      const changes = taken.map(({ sampleRow, to, probability }) => ({
        sampleRow,
        label: to,
        suggestion: { runRow, score: probability },
      }));
      const details = {
        labelSet: globalId('labelset', run.labelSetRow),
        author: input.author,
        note: input.note,
        idempotencyKey: input.idempotencyKey,
      };
      const [first] = await this.annotations.annotate(manager, changes, details, () => 'input');
      return answer(run, taken, left, first!.batch);
    });
  }
}

function checked({ minimumProbability, maximum }: AcceptSuggestionsInput): {
  minimumProbability: number;
  maximum: number;
} {
  const probability = minimumProbability ?? defaultProbability;
  if (!(probability >= 0 && probability <= 1))
    throw new InvalidInputError('input.minimumProbability', 'a number from 0 to 1', probability);
  const most = maximum ?? defaultMaximum;
  if (most < 1 || most > mostAccepted)
    throw new InvalidInputError('input.maximum', `a whole number from 1 to ${mostAccepted}`, most);
  return { minimumProbability: probability, maximum: most };
}

interface DisagreeingRow {
  sample_row: number;
  index: number;
  split: Split;
  position: number;
  given_label: number;
  decided: boolean;
}

async function suggest(
  manager: EntityManager,
  run: TrainingRun,
  input: AcceptSuggestionsInput,
): Promise<{ all: Suggestion[]; disagreeing: number; decidedAlready: number }> {
  const source = await analysisSource(manager, run, input.epoch ?? null);
  if (!source) return { all: [], disagreeing: 0, decidedAlready: 0 };
  const suggester = input.suggester ?? Suggester.FUSED;
  const parameters = new SqlParameters();
  const needs: Needs = { votes: [], clean: [] };
  const { where } = filterSource(source, run, input.filter ?? {}, parameters, needs);
  await checkPeopleWereAsked(manager, run, source, needs);
  const rows: DisagreeingRow[] = await manager.query(
    `SELECT a.sample_row, s."index", a.split, a.position, a.given_label,
            EXISTS (SELECT 1 FROM annotation n WHERE n.sample_row = a.sample_row AND n.undone_at IS NULL) AS decided
       FROM ${fromSource(source, true)} WHERE ${where} AND a.split = ${parameters.place(input.split ?? Split.TRAIN)}::split AND a.${opinionColumns[suggester]} <> a.given_label`,
    parameters.values,
  );
  const open = rows.filter(({ decided }) => !decided);
  const all: Suggestion[] = [];
  for (let first = 0; first < open.length; first += samplesAtOnce)
    all.push(...(await suggestionsFor(manager, run, source, suggester, open.slice(first, first + samplesAtOnce))));
  return { all, disagreeing: rows.length, decidedAlready: rows.length - open.length };
}

async function suggestionsFor(
  manager: EntityManager,
  run: TrainingRun,
  { epoch }: AnalysisSource,
  suggester: Suggester,
  rows: readonly DisagreeingRow[],
): Promise<Suggestion[]> {
  const wanted = rows.map((row) => ({
    sample: {
      runRow: run.row,
      sampleRow: row.sample_row,
      newestEpoch: epoch,
      split: row.split,
      position: row.position,
      givenLabel: row.given_label,
      votes: null,
    },
    epoch,
  }));
  const analyses = await readAnalyses(manager, new Map([[run.row, run]]), wanted);
  return analyses.map((analysis, place) => {
    const distribution = Array.from(
      suggester === Suggester.FUSED ? analysis.fusedDistribution : analysis.targetDistribution,
    );
    const probability = Math.max(...distribution);
    const { sample_row: sampleRow, index, given_label: fromLabel } = rows[place]!;
    return named(run, { sampleRow, index, fromLabel, toLabel: distribution.indexOf(probability), probability });
  });
}

function named<T extends { fromLabel: number; toLabel: number }>(
  run: TrainingRun,
  suggestion: T,
): T & { from: string; to: string } {
  const { classes } = run.dataset;
  return { ...suggestion, from: classes[suggestion.fromLabel]!, to: classes[suggestion.toLabel]! };
}

type Left = Pick<AcceptedSuggestions, 'disagreeing' | 'decidedAlready' | 'tooImprobable'>;

function answer(run: TrainingRun, taken: LabelSuggestion[], left: Left, batch: string | null): AcceptedSuggestions {
  const { classes } = run.dataset;
  const counts = classes.map(() => new Array<number>(classes.length).fill(0));
  for (const { fromLabel, toLabel } of taken) counts[fromLabel]![toLabel]!++;
  return { suggestions: taken, accepted: taken.length, ...left, classes, counts, batch };
}
