import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { readWeights } from '../models/checkpoints/weights/read-weights.js';
import { exportNames, formatOfSlug } from '../models/exports/export-format.js';
import type { ExportService } from '../models/exports/export.service.js';
import type { Model } from '../models/model.entity.js';
import type { ModelService } from '../models/model.service.js';
import type { ModelImportService } from '../models/model-import.service.js';
import { describeWeights } from './describe-weights.js';

export interface CheckpointSession {
  modelImports: ModelImportService;
  models: ModelService;
  exports: ExportService;
  close(): Promise<void>;
}

interface ImportFlags {
  name?: string;
  family?: string;
  classes?: string[];
  imageSize?: number;
  part?: string;
}

const partOption = 'which network of the file, as inspect names them (default: the first)';

/** `adadf checkpoint inspect|import|export`: files of weights in and out, and what is in them. */
export function checkpointCommand(connect: () => Promise<CheckpointSession>): Command {
  const command = new Command('checkpoint').description(
    "Files of weights: the authors' .pth.tar, ResNet-18 and ResNet-50 .pth, .safetensors. Nothing in a file is executed.",
  );
  command.addCommand(inspectCommand());
  command.addCommand(importCommand(connect));
  command.addCommand(exportCommand(connect));
  return command;
}

function inspectCommand(): Command {
  return new Command('inspect')
    .description(
      'Say what a file of weights holds; exits 1 with a report where it is none, or damaged, or another network.',
    )
    .argument('<file>', '.pth, .pth.tar, .pt or .safetensors')
    .option('--part <label>', partOption)
    .action(async (file: string, { part }: { part?: string }) => {
      process.stdout.write(describeWeights(file, await readWeights(file, part ?? null)));
    });
}

function importCommand(connect: () => Promise<CheckpointSession>): Command {
  return new Command('import')
    .description('Make a model of a file of weights: a whole network, or a backbone to start trainings from.')
    .argument('<file>', '.pth, .pth.tar, .pt or .safetensors')
    .option('--name <name>', "name of the model (default: the file's)")
    .option('--family <name>', 'it becomes the next version of this family (default: its name)')
    .option('--classes <names>', 'class names in the order of the logits, with commas between', splitNames)
    .option('--image-size <pixels>', 'side of its square input (default: what the file says, else 224)', parsePixels)
    .option('--part <label>', partOption)
    .action(async (file: string, flags: ImportFlags) => {
      // Before a database is started for it: most mistakes are in the file.
      const weights = await readWeights(file, flags.part ?? null);
      const session = await connect();
      try {
        const model = await session.modelImports.import(path.resolve(file), flags);
        process.stdout.write(describeWeights(file, weights) + imported(model));
      } finally {
        await session.close();
      }
    });
}

function exportCommand(connect: () => Promise<CheckpointSession>): Command {
  const formats = Object.values(exportNames).map(({ slug }) => slug);
  return new Command('export')
    .description('Write a checkpoint of a model as a file, and its SHA-256.')
    .argument('<model>', 'like model_1')
    .addOption(new Option('--format <format>', 'what to write').choices(formats).default('safetensors'))
    .option('--checkpoint <id>', 'one of the model (default: BEST, else LAST, else IMPORTED)')
    .option('--output <file>', 'where to (default: a name of its own, here)')
    .action(
      async (
        model: string,
        { format, checkpoint, output }: { format: string; checkpoint?: string; output?: string },
      ) => {
        const session = await connect();
        try {
          const found = await session.models.checkpointFor(await session.models.byId(model), checkpoint ?? null);
          const file = await session.exports.export(found, formatOfSlug(format)!);
          const target = path.resolve(output ?? file.fileName);
          await copyFile(file.path, target);
          process.stdout.write(`${target}: ${file.bytes.toLocaleString('en')} bytes, sha256 ${file.sha256}\n`);
        } finally {
          await session.close();
        }
      },
    );
}

function imported(model: Model): string {
  return `${model.id} "${model.name}": version ${model.version} of ${model.family}, ${model.imageSize} px${model.classes.length > 0 ? `, classes ${model.classes.join(', ')}` : ''}\n`;
}

const splitNames = (text: string): string[] => text.split(',').map((name) => name.trim());

function parsePixels(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError(`expected pixels, found "${text}"`);
  return Number(text);
}
