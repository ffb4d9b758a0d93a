import type { DataSource, EntityManager } from 'typeorm';
import { ConflictError, inputError, InvalidInputError, messageOf, PlatformError, requireFound } from '../errors.js';
import { rowOf } from '../graphql/global-id.js';
import { RunState, RunKind, TrainingRun } from '../runs/training-run.entity.js';
import type { TrainingPlanner } from '../runs/settings/training-plan.js';
import type { StartTrainingInput } from '../runs/settings/training-input.js';
import { readTrainingRequest } from '../runs/training-request.js';
import type { TrainingService } from '../runs/training.service.js';
import type { Split } from '../split.js';
import { costOf, type RunCost } from './experiment-cost.js';
import { type Arm, armsOf, type ExperimentPlan, problemsOfPlan } from './experiment-plan.js';
import { type ArmValues, type ExperimentMeasure, measureFacts } from './experiment-results.js';
import { ExperimentRun } from './experiment-run.entity.js';
import { Experiment, ExperimentState } from './experiment.entity.js';

/** Trainings that somebody starts alone go first. */
const belowSingleRuns = -10;
/** From here on a person has to confirm: hours on the workers that are there, bytes. */
const askFromHours = 24;
const askFromBytes = 50e9;

/** What an experiment would do, before it starts. */
export interface ExperimentPreview extends RunCost {
  arms: readonly Arm[];
  /** Runs in all, and of them those that were trained already and are used. */
  runs: number;
  reused: number;
  problems: readonly InvalidInputError[];
  /** Workers that would share the runs, 1 at least. */
  workers: number;
  needsConfirmation: boolean;
}

interface Place {
  arm: Arm;
  seed: number;
  /** The run that has trained just this. */
  existing: TrainingRun | null;
}

export class ExperimentService {
  /** @param codeVersion of this platform: only runs of the same one are used again. */
  constructor(
    private readonly dataSource: DataSource,
    private readonly training: TrainingService,
    private readonly planner: TrainingPlanner,
    private readonly codeVersion: string,
  ) {}

  /** Says everything that is wrong, and what it would cost; starts nothing. */
  async preview(plan: ExperimentPlan): Promise<ExperimentPreview> {
    const problems = problemsOfPlan(plan);
    const arms = problems.length === 0 ? armsOf(plan) : [];
    for (const arm of arms) problems.push(...(await this.problemsOfArm(plan, arm)));
    const workers = Math.max(1, (await this.training.workers(false)).length);
    const nothing = { images: 0, seconds: 0, bytes: 0, runs: 0, reused: 0, needsConfirmation: false };
    const distinct = [...new Map(problems.map((problem) => [problem.message, problem])).values()];
    if (distinct.length > 0) return { ...nothing, arms, problems: distinct, workers };
    return { ...(await this.cost(plan, arms, workers)), arms, problems: [], workers };
  }

  private async problemsOfArm(plan: ExperimentPlan, arm: Arm): Promise<InvalidInputError[]> {
    try {
      const { problems } = await readTrainingRequest(this.dataSource, inputOf(plan, arm, plan.seeds[0]));
      return problems.map(
        ({ details }) =>
          new InvalidInputError(
            `${arm.name}: ${String(details['path'])}`,
            String(details['expected']),
            details['found'],
          ),
      );
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      return [new InvalidInputError(arm.name, 'what exists', messageOf(error))];
    }
  }

  private async cost(
    plan: ExperimentPlan,
    arms: readonly Arm[],
    workers: number,
  ): Promise<RunCost & { runs: number; reused: number; needsConfirmation: boolean }> {
    const places = await this.placesOf(plan, arms, plan.seeds);
    const sum = { images: 0, seconds: 0 as number | null, bytes: 0 };
    for (const arm of arms) {
      const missing = places.filter((place) => place.arm === arm && !place.existing).length;
      if (missing === 0) continue;
      const one = await costOf(this.dataSource, this.planner, inputOf(plan, arm, plan.seeds[0]));
      sum.images += missing * one.images;
      sum.bytes += missing * one.bytes;
      sum.seconds = sum.seconds === null || one.seconds === null ? null : sum.seconds + missing * one.seconds;
    }
    const hours = (sum.seconds ?? 0) / 3600 / workers;
    const needsConfirmation = hours > askFromHours || sum.bytes > askFromBytes;
    const reused = places.filter(({ existing }) => existing).length;
    return { ...sum, runs: places.length, reused, needsConfirmation };
  }

  /** @throws PlatformError with every problem of the plan; CONFLICT where it has to be confirmed, or has a name that is taken. */
  async start(plan: ExperimentPlan, confirmed: boolean): Promise<Experiment> {
    const preview = await this.preview(plan);
    if (preview.problems.length > 0) throw inputError(preview.problems);
    if (preview.needsConfirmation && !confirmed)
      throw new ConflictError(
        `This experiment would take ${((preview.seconds ?? 0) / 3600 / preview.workers).toFixed(1)} hours and ${(preview.bytes / 1e9).toFixed(1)} GB: confirm it.`,
        { seconds: preview.seconds, bytes: preview.bytes },
      );
    const experiments = this.dataSource.getRepository(Experiment);
    if (await experiments.existsBy({ name: plan.name.trim() }))
      throw new ConflictError(`There is an experiment "${plan.name.trim()}" already: choose another name.`);
    const kept = { ...plan, name: plan.name.trim() };
    const experiment = await experiments.save(experiments.create({ name: kept.name, plan: kept }));
    await this.addRuns(experiment, kept.seeds);
    return experiments.findOneByOrFail({ row: experiment.row });
  }

  /** More seeds for every arm. */
  async addSeeds(id: string, seeds: readonly number[]): Promise<Experiment> {
    const experiment = await this.found(id);
    if (experiment.state === ExperimentState.CANCELLED) throw new ConflictError(`${id} was cancelled.`);
    const { plan } = experiment;
    const problems = problemsOfPlan({ ...plan, seeds: [...plan.seeds, ...seeds] });
    if (problems.length > 0) throw inputError(problems);
    experiment.plan = { ...plan, seeds: [...plan.seeds, ...seeds] };
    await this.dataSource.getRepository(Experiment).save(experiment);
    await this.addRuns(experiment, seeds);
    return experiment;
  }

  /** Seed by seed, so that early seeds of all arms can be compared first. */
  private async addRuns({ row, plan }: Experiment, seeds: readonly number[]): Promise<void> {
    const places = await this.placesOf(plan, armsOf(plan), seeds);
    for (const { arm, seed, existing } of places) {
      const run = existing ?? (await this.training.start(inputOf(plan, arm, seed), null, belowSingleRuns));
      const place = { experimentRow: row, arm: arm.name, seed, runRow: run.row, reused: existing !== null };
      await this.dataSource.getRepository(ExperimentRun).insert(place);
    }
  }

  private async placesOf(plan: ExperimentPlan, arms: readonly Arm[], seeds: readonly number[]): Promise<Place[]> {
    const places: Place[] = [];
    for (const seed of seeds)
      for (const arm of arms) places.push({ arm, seed, existing: await this.sameRun(inputOf(plan, arm, seed)) });
    return places;
  }

  /** A run of the same settings, labels, start weights and code that has ended well, or is on its way. */
  private async sameRun(input: StartTrainingInput): Promise<TrainingRun | null> {
    const { configuration, labelSet, initial } = await readTrainingRequest(this.dataSource, input);
    return this.dataSource
      .getRepository(TrainingRun)
      .createQueryBuilder('run')
      .where('run.kind = :kind AND run.label_set_row = :labelSet', { kind: RunKind.TRAINING, labelSet: labelSet.row })
      .andWhere('run.configuration = :configuration::jsonb', { configuration: JSON.stringify(configuration) })
      .andWhere('run.initial_sha256 IS NOT DISTINCT FROM :sha256', { sha256: initial?.sha256 ?? null })
      .andWhere('run.state IN (:...states)', { states: [RunState.COMPLETED, RunState.RUNNING, RunState.QUEUED] })
      .andWhere('(run.code_version = :code OR run.code_version IS NULL)', { code: this.codeVersion })
      .orderBy('run.row', 'DESC')
      .limit(1)
      .getOne();
  }

  /** Takes runs that wait out of the queue; those that train go on. */
  async pause(id: string): Promise<Experiment> {
    return this.stop(id, [RunState.QUEUED], ExperimentState.PAUSED);
  }

  /** Ends what waits and what trains; what was recorded stays. */
  async cancel(id: string): Promise<Experiment> {
    return this.stop(id, [RunState.QUEUED, RunState.RUNNING], ExperimentState.CANCELLED);
  }

  private async stop(id: string, states: readonly RunState[], state: ExperimentState): Promise<Experiment> {
    const experiment = await this.found(id);
    if (experiment.state === ExperimentState.CANCELLED) throw new ConflictError(`${id} was cancelled.`);
    for (const { run, reused } of await this.runsOf(experiment)) {
      // A run of somebody else is used, not owned.
      if (run && !reused && states.includes(run.state)) await this.training.cancel(run.id);
    }
    return this.dataSource.getRepository(Experiment).save({ ...experiment, state, id: experiment.id });
  }

  /** Runs that were taken out or failed go on from where they were. */
  async resume(id: string): Promise<Experiment> {
    const experiment = await this.found(id);
    for (const { run, reused } of await this.runsOf(experiment)) {
      if (run && !reused && (run.state === RunState.CANCELLED || run.state === RunState.FAILED))
        await this.training.resume(run.id, null, belowSingleRuns);
    }
    const experiments = this.dataSource.getRepository(Experiment);
    await experiments.update({ row: experiment.row }, { state: ExperimentState.ACTIVE });
    return experiments.findOneByOrFail({ row: experiment.row });
  }

  all(): Promise<Experiment[]> {
    return this.dataSource.getRepository(Experiment).find({ order: { row: 'DESC' } });
  }

  byRow(row: number): Promise<Experiment | null> {
    return this.dataSource.getRepository(Experiment).findOneBy({ row });
  }

  private async found(id: string): Promise<Experiment> {
    const experiment = requireFound(await this.byRow(rowOf('experiment', id, 'experiment')), 'Experiment', id);
    return experiment;
  }

  /** In the order of arms and seeds of the plan. */
  async runsOf(experiment: Experiment): Promise<ExperimentRun[]> {
    const found = await this.dataSource
      .getRepository(ExperimentRun)
      .find({ where: { experimentRow: experiment.row }, relations: { run: true } });
    const arms = armsOf(experiment.plan).map(({ name }) => name);
    const { seeds } = experiment.plan;
    return found.sort(
      (a, b) => arms.indexOf(a.arm) - arms.indexOf(b.arm) || seeds.indexOf(a.seed) - seeds.indexOf(b.seed),
    );
  }

  /** What every run came to after its last epoch; null while it trains, and of a hole. */
  async valuesOf(experiment: Experiment, measure: ExperimentMeasure, split: Split): Promise<ArmValues[]> {
    const places = await this.runsOf(experiment);
    const values = await readValues(this.dataSource.manager, places, measure, split);
    return armsOf(experiment.plan).map(({ name, baseline }) => ({
      arm: name,
      baseline,
      values: places
        .filter(({ arm }) => arm === name)
        .map(({ seed, runRow }) => ({ seed, value: runRow === null ? null : (values.get(runRow) ?? null) })),
    }));
  }
}

/** Of completed runs, by row. */
async function readValues(
  manager: EntityManager,
  places: readonly ExperimentRun[],
  measure: ExperimentMeasure,
  split: Split,
): Promise<Map<number, number | null>> {
  const rows = places.flatMap(({ run }) => (run?.state === RunState.COMPLETED ? [run.row] : []));
  const found: { run_row: number; value: number | null }[] = await manager.query(
    `SELECT DISTINCT ON (run_row) run_row, ${measureFacts[measure].column} AS value
       FROM split_metrics WHERE run_row = ANY($1::int[]) AND split = $2::split ORDER BY run_row, epoch DESC`,
    [rows, split],
  );
  return new Map(found.map(({ run_row: run, value }) => [run, value]));
}

function inputOf(plan: ExperimentPlan, arm: Arm, seed: number): StartTrainingInput {
  return { ...arm.input, seed, name: `${plan.name}: ${arm.levels.join(', ') || 'baseline'}, seed ${seed}` };
}
