import type { Router } from 'express';
import type { GraphQLSchema } from 'graphql';
import { auditRoute } from '../access/audit-route.js';
import { comparisonRoute } from '../analysis/comparison/comparison-route.js';
import { whatIfRoute } from '../analysis/what-if/what-if-route.js';
import { columnsRoute } from '../analysis/columns/columns-route.js';
import { imageRoute } from '../datasets/images/image-route.js';
import { labelsRoute } from '../labels/labels-route.js';
import { exportRoute } from '../models/exports/export-route.js';
import { uploadRoute } from '../datasets/uploads/upload-route.js';
import { recordingRoute } from '../runs/recording/recording-route.js';
import { weightsRoute } from '../runs/recording/weights/weights-route.js';
import { stepsRoute } from '../runs/recorded/steps-route.js';
import { pythonRoute } from './python-route.js';
import { missingPages } from './missing-pages.js';
import type { PlatformServices } from './services.js';

/**
 * Whatever answers over HTTP beside GraphQL and the dashboard: a new route is a line here. `schema` says what arguments
 * are.
 */
export function platformRouters(
  {
    audit,
    datasets,
    training,
    samples,
    store,
    reader,
    uploads,
    columns,
    models,
    exports,
    recordings,
    weights,
    outcomes,
    differences,
    labelTables,
    whatIf,
  }: PlatformServices,
  schema: GraphQLSchema,
): Router[] {
  return [
    auditRoute(audit),
    imageRoute(samples, store, reader),
    uploadRoute(uploads),
    columnsRoute(columns, schema),
    exportRoute(models, exports),
    recordingRoute(recordings),
    weightsRoute(weights),
    stepsRoute(training.dataSource),
    pythonRoute(),
    labelsRoute(labelTables),
    comparisonRoute(outcomes, differences),
    whatIfRoute(whatIf),
    missingPages({
      datasets: { kind: 'dataset', find: (row) => datasets.byRow(row) },
      runs: { kind: 'run', find: (row) => training.byRow(row) },
      samples: { kind: 'sample', find: (row) => samples.byRow(row) },
    }),
  ];
}
