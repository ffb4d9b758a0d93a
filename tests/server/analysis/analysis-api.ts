import { graphql, type GraphQLSchema } from 'graphql';
import pg from 'pg';
import { buildSchema, type ContainerType } from 'type-graphql';
import { EpochMetricsResolver, RunAnalysesResolver, SampleAnalysesResolver, SampleAnalysisResolver } from '../../../server/src/analysis/analysis.resolver.js';
import { AnalysisService } from '../../../server/src/analysis/analysis.service.js';
import { DatasetResolver } from '../../../server/src/datasets/dataset.resolver.js';
import { DatasetService } from '../../../server/src/datasets/dataset.service.js';
import { SampleResolver } from '../../../server/src/datasets/sample.resolver.js';
import { SampleService } from '../../../server/src/datasets/sample.service.js';
import { ModelResolver } from '../../../server/src/models/model.resolver.js';
import { ModelService } from '../../../server/src/models/model.service.js';
import { EpochResolver } from '../../../server/src/training/epoch.resolver.js';
import { TrainingRunResolver } from '../../../server/src/training/training-run.resolver.js';
import { TrainingService } from '../../../server/src/training/training.service.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';

export interface AnalysisApi {
  database: TestDatabase;
  /** The data of an operation. @throws the error that a resolver threw. */
  ask(source: string, variables?: Record<string, unknown>): Promise<any>;
  /** SQL statements that `work` causes, as the driver sends them. */
  countStatements(work: () => Promise<unknown>): Promise<number>;
}

/** The analysis room's resolvers, with those of the types they extend, over a database of their own. */
export async function analysisApi(): Promise<AnalysisApi> {
  const database = await testDatabase();
  const schema = await schemaOver(database);
  const ask = async (source: string, variableValues: Record<string, unknown> = {}): Promise<any> => {
    const { data, errors } = await graphql({ schema, source, variableValues });
    if (errors) throw errors[0]!.originalError ?? errors[0];
    // As over HTTP: plain objects.
    return JSON.parse(JSON.stringify(data));
  };
  return { database, ask, countStatements };
}

async function schemaOver({ dataSource }: TestDatabase): Promise<GraphQLSchema> {
  const datasets = new DatasetService(dataSource);
  const samples = new SampleService(dataSource);
  const models = new ModelService(dataSource);
  // Nothing here starts a training, so nothing is put in the queue.
  const training = new TrainingService(dataSource, models, null as never);
  const analyses = new AnalysisService(dataSource, samples);
  const resolvers = new Map<Function, object>([
    [DatasetResolver, new DatasetResolver(datasets, samples)],
    [SampleResolver, new SampleResolver(samples)],
    [ModelResolver, new ModelResolver(models)],
    [TrainingRunResolver, new TrainingRunResolver(training, datasets, models)],
    [EpochResolver, new EpochResolver(training, datasets)],
    [SampleAnalysisResolver, new SampleAnalysisResolver(analyses)],
    [SampleAnalysesResolver, new SampleAnalysesResolver(analyses)],
    [RunAnalysesResolver, new RunAnalysesResolver(analyses)],
    [EpochMetricsResolver, new EpochMetricsResolver(analyses)],
  ]);
  const container: ContainerType = { get: (type: Function) => resolvers.get(type) } as never;
  const pubSub = { publish: () => undefined, subscribe: () => (async function* () {})() } as never;
  return buildSchema({ resolvers: [...resolvers.keys()] as [Function, ...Function[]], container, pubSub, validate: false });
}

async function countStatements(work: () => Promise<unknown>): Promise<number> {
  const original = pg.Client.prototype.query;
  let statements = 0;
  pg.Client.prototype.query = function (this: pg.Client, ...parameters: unknown[]) {
    statements++;
    return original.apply(this, parameters as never);
  } as never;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = original;
  }
  return statements;
}
