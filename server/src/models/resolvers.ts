import type { ImportRoots } from '../datasets/imports/import-roots.js';
import type { UploadStore } from '../datasets/uploads/upload-store.js';
import type { RoomResolvers } from '../graphql/room-resolvers.js';
import { Checkpoint } from './checkpoint.entity.js';
import { CheckpointExportResolver, CheckpointResolver } from './checkpoint.resolver.js';
import { CalibrationResolver, ModelCalibrationsResolver } from './calibration/calibration.resolver.js';
import type { CalibrationStore } from './calibration/calibration-store.js';
import type { ExportService } from './exports/export.service.js';
import { ModelImportResolver } from './model-import.resolver.js';
import type { ModelImportService } from './model-import.service.js';
import { ModelResolver } from './model.resolver.js';
import type { ModelService } from './model.service.js';
import { RegistryResolver } from './registry.resolver.js';
import type { RegistryService } from './registry.service.js';

export interface ModelServices {
  models: ModelService;
  registry: RegistryService;
  modelImports: ModelImportService;
  exports: ExportService;
  calibrationStore: CalibrationStore;
  uploads: UploadStore;
  importRoots: ImportRoots;
}

export const modelResolvers: RoomResolvers<ModelServices> = {
  resolvers: [
    [ModelResolver, ({ models, registry }) => new ModelResolver(models, registry)],
    [CheckpointResolver, ({ models }) => new CheckpointResolver(models)],
    [CheckpointExportResolver, ({ models, exports }) => new CheckpointExportResolver(models, exports)],
    [
      ModelImportResolver,
      ({ modelImports, uploads, importRoots }) => new ModelImportResolver(modelImports, uploads, importRoots),
    ],
    [CalibrationResolver, () => new CalibrationResolver()],
    [ModelCalibrationsResolver, ({ calibrationStore }) => new ModelCalibrationsResolver(calibrationStore)],
    [RegistryResolver, ({ registry }) => new RegistryResolver(registry)],
  ],
  nodes: ({ models, calibrationStore }) => ({
    calibration: (row) => calibrationStore.byRow(row),
    model: (row) => models.byRow(row),
    checkpoint: (row) => models.checkpointByRow(row),
  }),
  orphanedTypes: [Checkpoint],
};
