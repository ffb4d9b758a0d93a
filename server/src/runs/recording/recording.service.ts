import { setTimeout } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { computesLong, holdRows } from '../../transactions.js';
import { Dataset } from '../../datasets/dataset.entity.js';
import type { Split } from '../../split.js';
import { ConflictError, InvalidInputError, requireFound } from '../../errors.js';
import { rowOf } from '../../graphql/global-id.js';
import { givenLabelSet } from '../../labels/base-label-sets.js';
import type { LabelSet } from '../../labels/label-set.entity.js';
import { requireLabelSet } from '../../labels/label-set.service.js';
import { announce } from '../events/training-events.js';
import type { SplitOutputs } from '../recorded/epoch-result.js';
import { addRunLog } from '../run-log.js';
import type { Reader } from '../../untrusted/reading.js';
import { RunKind, RunState, TrainingRun } from '../training-run.entity.js';
import { readSent } from './bodies/receive-body.js';
import { checkTable } from './check-table.js';
import { epochFacts, keepFacts } from './epoch-facts.js';
import { checkEpochNumber, recordingOf } from './recording-of.js';
import { keepPart, outputsOf, PartState } from './record-part.js';
import { LateRows, type LateRowsSettings, type WriteRows } from './late-rows.js';
import type { RecordedTable } from './recorded-table.js';
import type { RecordRunInput } from './record-run-input.js';
import { RecordedPart } from './recorded-part.entity.js';
import { placeSamples } from './run-samples.js';
import { SampleKeys } from './sample-keys.js';
import { toColumns } from '../../to-columns.js';

/** A part that was kept; `outputs` null: other facts of the epoch. */
export interface KeptPart {
  epoch: number;
  epochRow: number;
  outputs: SplitOutputs | null;
  replaced: boolean;
  /** Whether the rows of its samples are written later. */
  late: boolean;
}

/** What follows from what was recorded. Given by the analysis room. */
export interface AnalyseRecorded {
  part(manager: EntityManager, run: TrainingRun, part: KeptPart): Promise<void>;
  rows: WriteRows;
}

export interface PartAnswer {
  run: string;
  epoch: number;
  split: Split;
  state: PartState;
  samples: number;
  /** Samples of the split that the upload did not speak of. */
  missing: number;
  columns: string[];
}

/** What was sent, and the SHA-256 of its bytes, hexadecimal. */
interface SentTable {
  table: RecordedTable;
  sha256: string;
}

/** How a recorded run can end. */
export type RecordedEnd = RunState.COMPLETED | RunState.FAILED | RunState.CANCELLED;

/** Data sets whose keys are known by heart; 10 MB each at 100,000 samples. */
const mostDatasets = 4;

/** `finishRun` waits so long for rows that are late; they follow in any case. */
const rowsMilliseconds = 15_000;

/** Takes in what runs say that are trained elsewhere. */
export class RecordingService {
  private readonly keys = new Map<number, Promise<SampleKeys>>();
  /** Rows of samples that are written after their parts. */
  readonly late: LateRows;

  constructor(
    private readonly dataSource: DataSource,
    private readonly analyse: AnalyseRecorded,
    /** Bytes of an upload. */
    private readonly limit: number,
    /** Who reads what was sent. */
    private readonly reader: Reader,
    log: (line: string) => void = () => undefined,
    late?: LateRowsSettings,
  ) {
    this.late = new LateRows(dataSource, analyse.rows, log, late);
  }

  /**
   * @param request the run that this request has begun is answered again, and no second one begun; null: a new run.
   * @throws NotFoundError, InvalidInputError
   */
  async record(input: RecordRunInput, request: string | null = null): Promise<TrainingRun> {
    const dataset = await this.datasetOf(input.dataset);
    const recording = recordingOf(input, dataset);
    const name = input.name?.trim() || `${dataset.name} ${new Date().toISOString().slice(0, 19).replace('T', ' ')}`;
    return this.dataSource.transaction(async (manager) => {
      await holdRows(manager, [{ table: 'dataset', row: dataset.row, what: 'Data set', id: dataset.id }]);
      const labelSet = await this.labelSetOf(manager, dataset, input.labelSet ?? null);
      const repository = manager.getRepository(TrainingRun);
      if (request !== null) {
        // Two who repeat it at the same moment are let in one after the other.
        await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [request]);
        const begun = await repository.findOneBy({ recordingRequest: request });
        if (begun) return begun;
      }
      const { identifiers } = await repository.insert(
        toColumns<TrainingRun>({
          name,
          kind: RunKind.RECORDED,
          state: RunState.RUNNING,
          datasetRow: dataset.row,
          labelSetRow: labelSet.row,
          recording,
          recordingRequest: request,
          progress: null,
          device: recording.device,
          backend: recording.framework,
          startedAt: new Date(),
        }),
      );
      const { row } = identifiers[0] as { row: number };
      await announce(manager, { run: row, kind: 'state' });
      return repository.findOneByOrFail({ row });
    });
  }

  /**
   * A split after an epoch, whole or not at all. @throws NotFoundError, RecordingError, ConflictError for an epoch that
   * has other numbers, and a run that has ended or was trained here.
   */
  async put(
    id: string,
    epoch: number,
    split: Split,
    body: AsyncIterable<Uint8Array>,
    replace: boolean,
  ): Promise<PartAnswer> {
    checkEpochNumber(epoch);
    await this.recordedRun(this.dataSource.manager, id);
    const { tables, sha256 } = await readSent(this.reader, body, this.limit);
    return this.keep(id, epoch, split, { table: tables[0].table, sha256 }, replace);
  }

  /** A file as another tool wrote it, a part for each of its epochs. @throws as `put` */
  async putFile(
    id: string,
    name: string,
    split: Split,
    body: AsyncIterable<Uint8Array>,
    epoch: number | null,
  ): Promise<PartAnswer[]> {
    if (epoch !== null) checkEpochNumber(epoch);
    const run = await this.recordedRun(this.dataSource.manager, id);
    const classes = run.recording!.classes ?? run.dataset.classes;
    const { tables, sha256 } = await readSent(this.reader, body, this.limit, { name, classes, epoch });
    const answers: PartAnswer[] = [];
    for (const { epoch: of, table } of tables) answers.push(await this.keep(id, of!, split, { table, sha256 }, false));
    return answers;
  }

  private async keep(id: string, epoch: number, split: Split, body: SentTable, replace: boolean): Promise<PartAnswer> {
    const run = await this.recordedRun(this.dataSource.manager, id);
    const { classes } = run.dataset;
    const keys = await this.keysOf(run.datasetRow);
    const samples = keys.find(body.table, split);
    const rows = checkTable(body.table, classes, run.recording!.classes ?? classes);
    const late = this.late.areLate(run.row, split, samples.length);
    const answer = await this.dataSource.transaction(async (manager): Promise<PartAnswer> => {
      await computesLong((sql) => manager.query(sql));
      const locked = await this.recordedRun(manager, id, true);
      const placed = await placeSamples(manager, locked, split, samples, () => this.late.writeIn(manager, locked));
      const { outputs, features } = outputsOf(split, rows, placed, classes.length);
      const columns = [...body.table.columns.keys()];
      const part = { run: locked, epoch, split, bodySha256: body.sha256, columns, outputs, features, late };
      const kept = await keepPart(manager, { ...part, samples: placed.sampleRows.length }, replace);
      if (kept.state !== PartState.ALREADY_RECORDED) {
        checkOpen(locked);
        const replaced = kept.state === PartState.REPLACED;
        await this.analyse.part(manager, locked, { epoch, epochRow: kept.epochRow, outputs, replaced, late });
        await announce(manager, { run: locked.row, kind: 'epoch' });
      }
      const missing = placed.sampleRows.length - samples.length;
      return { run: id, epoch, split, state: kept.state, samples: samples.length, missing, columns };
    });
    this.late.kept(run.row, split, late);
    return answer;
  }

  /** What is said of an epoch as a whole: class distributions, losses, learning rate, time. */
  async putFacts(id: string, epoch: number, body: unknown): Promise<{ run: string; epoch: number }> {
    checkEpochNumber(epoch);
    return this.dataSource.transaction(async (manager) => {
      const run = await this.recordedRun(manager, id, true);
      checkOpen(run);
      const facts = epochFacts(body, run.dataset.classes, run.recording!.classes ?? run.dataset.classes);
      const row = await keepFacts(manager, run.row, epoch, facts);
      if (facts.classDistributions)
        await this.analyse.part(manager, run, { epoch, epochRow: row, outputs: null, replaced: true, late: false });
      await announce(manager, { run: run.row, kind: 'epoch' });
      return { run: id, epoch };
    });
  }

  /** Nothing more will come. Asked again with the same end it changes nothing. @throws ConflictError for another end. */
  async finish(id: string, state: RecordedEnd, error: string | null): Promise<TrainingRun> {
    await Promise.race([this.late.settle(rowOf('run', id, 'run')), setTimeout(rowsMilliseconds, null, { ref: false })]);
    return this.dataSource.transaction(async (manager) => {
      const run = await this.recordedRun(manager, id, true);
      if (run.state === state) return run;
      checkOpen(run);
      await manager
        .getRepository(TrainingRun)
        .update({ row: run.row }, { state, error, finishedAt: new Date(), progress: null });
      await addRunLog(manager, run.row, error ? 'ERROR' : 'INFO', `recorded to its end: ${error ?? state}`);
      await announce(manager, { run: run.row, kind: 'state' });
      return manager.getRepository(TrainingRun).findOneByOrFail({ row: run.row });
    });
  }

  get manager(): EntityManager {
    return this.dataSource.manager;
  }

  /** What was accepted, in the order of epochs and splits. */
  parts(runRow: number): Promise<RecordedPart[]> {
    return this.dataSource
      .getRepository(RecordedPart)
      .find({ where: { runRow }, order: { epoch: 'ASC', split: 'ASC' } });
  }

  /** With its data set. @throws NotFoundError; ConflictError for a run that was trained here. */
  async recordedRun(manager: EntityManager, id: string, lock = false): Promise<TrainingRun> {
    const row = rowOf('run', id, 'run');
    if (lock) await manager.query('SELECT 1 FROM training_run WHERE "row" = $1 FOR NO KEY UPDATE', [row]);
    const run = requireFound(
      await manager.getRepository(TrainingRun).findOne({ where: { row }, relations: { dataset: true } }),
      'Run',
      id,
    );
    if (run.kind !== RunKind.RECORDED)
      throw new ConflictError(`Run ${id} was trained here: only runs that recordRun made take uploads.`, {
        kind: run.kind,
      });
    return run;
  }

  private keysOf(datasetRow: number): Promise<SampleKeys> {
    const held = this.keys.get(datasetRow) ?? SampleKeys.read(this.dataSource.manager, datasetRow);
    this.keys.delete(datasetRow);
    this.keys.set(datasetRow, held);
    held.catch(() => this.keys.delete(datasetRow));
    if (this.keys.size > mostDatasets) this.keys.delete(this.keys.keys().next().value!);
    return held;
  }

  private async datasetOf(idOrName: string): Promise<Dataset> {
    const repository = this.dataSource.getRepository(Dataset);
    const byName = await repository.findOneBy({ name: idOrName });
    if (byName) return byName;
    const found = /^dataset_\d+$/.test(idOrName)
      ? await repository.findOneBy({ row: rowOf('dataset', idOrName, 'input.dataset') })
      : null;
    if (found) return found;
    const names = (await repository.find({ select: { name: true }, order: { row: 'ASC' } })).map(({ name }) => name);
    throw new InvalidInputError(
      'input.dataset',
      `the id or name of a data set: ${names.join(', ') || 'there is none yet'}`,
      idOrName,
    );
  }

  private async labelSetOf(manager: EntityManager, dataset: Dataset, id: string | null): Promise<LabelSet> {
    return id === null ? givenLabelSet(manager, dataset) : requireLabelSet(manager, id, 'input.labelSet', dataset.row);
  }
}

function checkOpen({ id, state }: TrainingRun): void {
  if (state !== RunState.RUNNING)
    throw new ConflictError(`Run ${id} is ${state}: finishRun has ended it. resumeTraining opens it again.`, { state });
}
