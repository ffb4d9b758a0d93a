import type { DataSource, EntityManager } from 'typeorm';
import { computesLong } from '../../transactions.js';
import { Split } from '../../split.js';
import { SqlParameters } from '../../datasets/sql-parameters.js';
import { InvalidInputError } from '../../errors.js';
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
  needsOpinion,
  opinionColumns,
} from '../lists/analysis-conditions.js';
import { Opinion } from '../record/vocabulary.js';
import { annotateMatching, type AnnotatedMatching, type AnnotateMatchingInput } from './annotate-matching.js';
import { injectRunNoise, type RunNoiseInput } from './run-noise.js';
import { fusionBounds } from '../record/analyse-epoch.js';
import { checkEpoch, newestEpoch } from '../record/read-aggregates.js';
import { EpochFacts, readAnalyses, requireRun } from '../samples/sample-analyses.js';
import { analysisSource } from '../record/source.js';
import {
  type AcceptedSuggestions,
  type AcceptSuggestionsInput,
  type LabelSuggestion,
  Suggester,
} from './suggestion-types.js';

/** Confident learning has a threshold of its own for each class; of a distribution a majority has to agree. */
const defaultProbabilities: Record<Suggester, number> = { CONFIDENT_LEARNING: 0, FUSED: 0.5, TARGET: 0.5 };
const defaultMaximum = 1000;
const mostAccepted = 10_000;
/** Where a suggestion stands in `sample_analysis` and its like; null where there is none. */
const suggestionColumns: Record<Suggester, string> = {
  CONFIDENT_LEARNING: 'confident_label',
  FUSED: opinionColumns.FUSED,
  TARGET: opinionColumns.TARGET,
};
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

  /** @throws InvalidInputError, NotFoundError, ConflictError */
  annotateMatching(input: AnnotateMatchingInput): Promise<AnnotatedMatching> {
    return annotateMatching(this.dataSource, this.annotations, input);
  }

  /** The most probable suggestions become annotations, in one transaction. @throws InvalidInputError, NotFoundError */
  async accept(input: AcceptSuggestionsInput): Promise<AcceptedSuggestions> {
    const { suggester, minimumProbability, maximum } = checked(input);
    const runRow = rowOf('run', input.run, 'input.run');
    return this.dataSource.transaction(async (manager) => {
      await computesLong((sql) => manager.query(sql));
      const run = await requireRun(manager, runRow);
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
          {
            disagreeing: before.length,
            decidedAlready: 0,
            tooImprobable: 0,
            highestProbability: highestOf(earlier),
          },
          before[0].batch,
        );
      }
      const { all, disagreeing, decidedAlready } = await suggest(manager, run, suggester, input);
      if (suggester === Suggester.FUSED) await checkReachable(manager, run, input.epoch ?? null, minimumProbability);
      const probable = all.filter(({ probability }) => probability >= minimumProbability);
      const taken = probable.sort((a, b) => b.probability - a.probability || a.index - b.index).slice(0, maximum);
      const left = {
        disagreeing,
        decidedAlready,
        tooImprobable: all.length - probable.length,
        highestProbability: highestOf(all),
      };
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

function checked({ minimumProbability, maximum, suggester }: AcceptSuggestionsInput): {
  suggester: Suggester;
  minimumProbability: number;
  maximum: number;
} {
  const asked = suggester ?? Suggester.CONFIDENT_LEARNING;
  const probability = minimumProbability ?? defaultProbabilities[asked];
  if (!(probability >= 0 && probability <= 1))
    throw new InvalidInputError('input.minimumProbability', 'a number from 0 to 1', probability);
  const most = maximum ?? defaultMaximum;
  if (most < 1 || most > mostAccepted)
    throw new InvalidInputError('input.maximum', `a whole number from 1 to ${mostAccepted}`, most);
  return { suggester: asked, minimumProbability: probability, maximum: most };
}

interface DisagreeingRow {
  sample_row: number;
  index: number;
  split: Split;
  position: number;
  epoch: number;
  given_label: number;
  suggested: number;
  decided: boolean;
}

async function suggest(
  manager: EntityManager,
  run: TrainingRun,
  suggester: Suggester,
  input: AcceptSuggestionsInput,
): Promise<{ all: Suggestion[]; disagreeing: number; decidedAlready: number }> {
  const source = await analysisSource(manager, run, input.epoch ?? null);
  if (!source) return { all: [], disagreeing: 0, decidedAlready: 0 };
  const parameters = new SqlParameters();
  const needs: Needs = { votes: [], clean: [] };
  if (suggester === Suggester.FUSED) needsOpinion(needs, Opinion.FUSED, 'input.suggester');
  const { where } = filterSource(source, run, input.filter ?? {}, parameters, needs);
  await checkPeopleWereAsked(manager, run, source, needs);
  const rows: DisagreeingRow[] = await manager.query(
    `SELECT a.sample_row, s."index", a.split, a.position, a.epoch, a.given_label,
            a.${suggestionColumns[suggester]} AS suggested,
            EXISTS (SELECT 1 FROM annotation n WHERE n.sample_row = a.sample_row AND n.undone_at IS NULL) AS decided
       FROM ${fromSource(source, true)} WHERE ${where} AND a.split = ${parameters.place(input.split ?? Split.TRAIN)}::split AND a.${suggestionColumns[suggester]} <> a.given_label`,
    parameters.values,
  );
  const open = rows.filter(({ decided }) => !decided);
  const all: Suggestion[] = [];
  for (let first = 0; first < open.length; first += samplesAtOnce)
    all.push(...(await suggestionsFor(manager, run, suggester, open.slice(first, first + samplesAtOnce))));
  return { all, disagreeing: rows.length, decidedAlready: rows.length - open.length };
}

async function suggestionsFor(
  manager: EntityManager,
  run: TrainingRun,
  suggester: Suggester,
  rows: readonly DisagreeingRow[],
): Promise<Suggestion[]> {
  const wanted = rows.map((row) => ({
    sample: {
      runRow: run.row,
      sampleRow: row.sample_row,
      newestEpoch: row.epoch,
      split: row.split,
      position: row.position,
      givenLabel: row.given_label,
      votes: null,
      trueDistribution: null,
    },
    epoch: row.epoch,
  }));
  const analyses = await readAnalyses(manager, new Map([[run.row, run]]), wanted);
  return analyses.flatMap((analysis, place) => {
    const { sample_row: sampleRow, index, given_label: fromLabel, suggested: toLabel } = rows[place];
    const said = suggester === Suggester.FUSED ? analysis?.fusedDistribution : analysis?.targetDistribution;
    return said ? [named(run, { sampleRow, index, fromLabel, toLabel, probability: said[toLabel] })] : [];
  });
}

function named<T extends { fromLabel: number; toLabel: number }>(
  run: TrainingRun,
  suggestion: T,
): T & { from: string; to: string } {
  const { classes } = run.dataset;
  return { ...suggestion, from: classes[suggestion.fromLabel], to: classes[suggestion.toLabel] };
}

const highestOf = (suggestions: readonly { probability: number }[]): number | null =>
  suggestions.reduce<number | null>((most, { probability }) => Math.max(most ?? 0, probability), null);

/**
 * q = (1 - v) p + v L[y] gives a class k other than y at most (1 - w_min) + w_min L[y]_k: asking for more would accept
 * nothing, whatever the samples. @throws InvalidInputError that says how much there can be.
 */
async function checkReachable(
  manager: EntityManager,
  run: TrainingRun,
  epoch: number | null,
  minimumProbability: number,
): Promise<void> {
  const newest = await newestEpoch(manager, run.row);
  if (newest === null) return;
  const number = checkEpoch(epoch, newest);
  const facts = await EpochFacts.read(manager, [{ runRow: run.row, epoch: number }]);
  const { classDistributions } = facts.of(run.row, number);
  const classes = run.dataset.classes.length;
  const { minimum } = fusionBounds(run);
  const most = classDistributions.reduce(
    (highest, share, place) =>
      place % (classes + 1) === 0 ? highest : Math.max(highest, 1 - minimum + minimum * share),
    0,
  );
  if (minimumProbability > most)
    throw new InvalidInputError(
      'input.minimumProbability',
      `at most ${most.toFixed(3)}, the most that a fused distribution of this epoch can give another class than the given one (it holds on to that by a fusion weight of at least ${minimum}); the suggesters CONFIDENT_LEARNING and TARGET have no such end`,
      minimumProbability,
    );
}

type Left = Pick<AcceptedSuggestions, 'disagreeing' | 'decidedAlready' | 'tooImprobable' | 'highestProbability'>;

function answer(run: TrainingRun, taken: LabelSuggestion[], left: Left, batch: string | null): AcceptedSuggestions {
  const { classes } = run.dataset;
  const counts = classes.map(() => new Array<number>(classes.length).fill(0));
  for (const { fromLabel, toLabel } of taken) counts[fromLabel][toLabel]++;
  return { suggestions: taken, accepted: taken.length, ...left, classes, counts, batch };
}
