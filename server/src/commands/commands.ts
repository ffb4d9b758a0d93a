import type { Command } from 'commander';
import { backupCommand, restoreCommand } from './backup.js';
import { checkpointCommand } from './checkpoint.js';
import {
  openBackup,
  openCheckpoints,
  openEvaluations,
  openPredictions,
  openDrawing,
  openExperiments,
  openExport,
  openImport,
  openLabels,
  openTidying,
  openTokens,
  openTraining,
} from './connect.js';
import { drawFacesCommand } from './draw-faces.js';
import { doctorCommand } from './doctor.js';
import { exportCommand } from './export.js';
import { evaluateCommand } from './evaluate.js';
import { experimentCommand } from './experiment.js';
import { importCommand } from './import.js';
import { labelsCommand } from './labels.js';
import { noiseCommand } from './noise.js';
import { parityCommand } from './parity.js';
import { predictCommand } from './predict.js';
import { tidyCommand } from './tidy.js';
import { tokenCommand } from './token.js';
import { trainCommand } from './train.js';
import { workerCommand } from './worker.js';

/** Every command of `adadf`: a new one is a line here. */
export const commands: readonly Command[] = [
  importCommand(openImport),
  drawFacesCommand(openDrawing),
  labelsCommand(openLabels),
  noiseCommand(openLabels),
  trainCommand(openTraining),
  experimentCommand(openExperiments),
  exportCommand(openExport),
  checkpointCommand(openCheckpoints),
  predictCommand(openPredictions),
  evaluateCommand(openEvaluations),
  tokenCommand(openTokens),
  tidyCommand(openTidying),
  backupCommand(openBackup),
  restoreCommand(openBackup),
  workerCommand,
  parityCommand,
  doctorCommand,
];
