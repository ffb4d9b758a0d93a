import { Command } from 'commander';
import { PlatformError } from '../errors.js';
import type { ModelService } from '../models/model.service.js';
import type { ImagePrediction, PredictionService } from '../predictions/prediction.service.js';

export interface PredictSession {
  models: ModelService;
  predictions: PredictionService;
  close(): Promise<void>;
}

interface PredictFlags {
  model?: string;
  family?: string;
  checkpoint?: string;
  label?: string;
  tenCrop?: boolean;
  json?: boolean;
}

const barLength = 24;

/** `adadf predict IMAGE...`: both distributions and attentions of each. */
export function predictCommand(connect: () => Promise<PredictSession>): Command {
  return new Command('predict')
    .description('Ask a model about images of any size.')
    .argument('<image...>', 'JPEG, PNG, WebP or TIFF')
    .option('--model <id>', 'like model_1')
    .option('--family <name>', 'its version in production')
    .option('--checkpoint <id>', 'one of the model (default: BEST, else LAST, else IMPORTED)')
    .option('--label <class>', 'what the images are labelled: adds the class distribution and the fused one')
    .option('--ten-crop', 'average over ten crops')
    .option('--json', 'a line of JSON an image')
    .action(async (images: string[], flags: PredictFlags) => {
      if (Boolean(flags.model) === Boolean(flags.family))
        throw new PlatformError('INVALID_INPUT', 'Give either --model or --family.');
      const session = await connect();
      try {
        for (const image of images) {
          const said = await session.predictions.predictFile(image, { ...flags, givenLabel: flags.label });
          process.stdout.write(flags.json ? `${JSON.stringify(plain(image, said))}\n` : describe(image, said));
        }
      } finally {
        await session.close();
      }
    });
}

function plain(image: string, { model, checkpoint, ...said }: ImagePrediction): Record<string, unknown> {
  return {
    image,
    model: model.id,
    checkpoint: checkpoint.id,
    classes: model.classes,
    predictedLabel: predicted(model.classes, said.targetDistribution),
    ...said,
  };
}

const predicted = (classes: string[], target: number[]): string => classes[target.indexOf(Math.max(...target))];

function describe(image: string, said: ImagePrediction): string {
  const { model, labelDistribution, targetDistribution, classDistribution, fusedDistribution } = said;
  const width = Math.max(...model.classes.map((name) => name.length));
  const lines = [
    `${image} (${said.width} x ${said.height}): ${predicted(model.classes, targetDistribution)}, says ${model.family} v${model.version}; ${said.milliseconds.toFixed(0)} ms on ${said.backend}`,
  ];
  const columns = {
    label: labelDistribution,
    ...(classDistribution && { class: classDistribution }),
    ...(fusedDistribution && { fused: fusedDistribution }),
    target: targetDistribution,
  };
  lines.push(
    `  ${''.padEnd(width)} ${Object.keys(columns)
      .map((name) => name.padStart(7))
      .join('')}`,
  );
  model.classes.forEach((name, k) => {
    const shares = Object.values(columns)
      .map((distribution) => `${(100 * distribution[k]).toFixed(1)}`.padStart(7))
      .join('');
    lines.push(`  ${name.padEnd(width)} ${shares}  ${'█'.repeat(Math.round(barLength * targetDistribution[k]))}`);
  });
  const fusion = said.fusionWeight === null ? '' : `, fusion weight ${said.fusionWeight.toFixed(3)}`;
  lines.push(
    `  attention: auxiliary ${said.auxiliaryAttention.toFixed(3)}, target ${said.targetAttention.toFixed(3)}${fusion}`,
  );
  return `${lines.join('\n')}\n`;
}
