import { Arg, Field, Float, InputType, Int, Mutation, ObjectType, registerEnumType, Resolver } from 'type-graphql';
import { InvalidInputError } from '../errors.js';
import { Requires, Role } from '../graphql/role.js';
import { MatrixScalar } from '../graphql/scalars.js';
import { Checkpoint } from '../models/checkpoint.entity.js';
import { Model } from '../models/model.entity.js';
import { PredictInput } from './predict-input.js';
import type { PredictionService } from './prediction.service.js';
import { saliencyPicture } from './saliency-picture.js';

export enum Branch {
  AUXILIARY = 'AUXILIARY',
  TARGET = 'TARGET',
}
registerEnumType(Branch, {
  name: 'Branch',
  description: 'A branch of the network.',
  valuesConfig: {
    AUXILIARY: { description: 'Learns the label distribution.' },
    TARGET: { description: 'Predicts.' },
  },
});

const largestPicture = 1024;

@InputType({ description: 'A model and an image, as of `predict`, and what is asked.' })
export class ExplainInput extends PredictInput {
  @Field(() => Int, { defaultValue: 224, description: 'Pixels a side of the pictures, 8 to 1024.' })
  size!: number;

  @Field(() => [String], { nullable: true, description: 'Classes of the model. Default: every one.' })
  classes?: string[] | null;
}

@ObjectType({ description: 'Where one branch finds what raises the logit of one class.' })
export class ClassSaliency {
  @Field(() => Branch, { description: 'Which.' })
  branch!: Branch;

  @Field(() => String, { description: 'One of `model.classes`.' })
  class!: string;

  @Field(() => MatrixScalar, {
    description: 'Grad-CAM at the last feature map, rows from the top, at least 0, in units of the logit.',
  })
  map!: number[][];

  @Field(() => Float, { description: 'The highest number of `map`; 0: nothing in the image speaks for the class.' })
  highest!: number;

  @Field(() => String, {
    description:
      'The map as a PNG with alpha in a `data:` URL, to lie over the image; its own highest number is most opaque.',
  })
  png!: string;
}

@ObjectType({ description: 'Where a model looks in an image, for each class and branch.' })
export class SaliencyMaps {
  @Field(() => Model, { description: 'Who was asked.' })
  model!: Model;

  @Field(() => Checkpoint, { description: 'Which of its weights answered.' })
  checkpoint!: Checkpoint;

  @Field(() => Int, { description: 'Rows of a map.' })
  height!: number;

  @Field(() => Int, { description: 'Columns of a map.' })
  width!: number;

  @Field(() => [ClassSaliency], { description: 'Both branches of the first class, then of the next.' })
  maps!: ClassSaliency[];
}

@Resolver()
export class SaliencyResolver {
  constructor(private readonly predictions: PredictionService) {}

  @Requires(Role.LABELLER)
  @Mutation(() => SaliencyMaps, {
    description:
      'Grad-CAM of both branches, in the process that predicts: what raises the logit of a class, attention included. The image is looked at whole; answers are kept. Refused as `predict` is.',
  })
  async explain(
    @Arg('input', () => ExplainInput, { description: 'Whom, and about what.' }) input: ExplainInput,
  ): Promise<SaliencyMaps> {
    const { size, classes } = input;
    if (!Number.isInteger(size) || size < 8 || size > largestPicture)
      throw new InvalidInputError('input.size', `a whole number from 8 to ${largestPicture}`, size);
    const { model, checkpoint, saliency } = await this.predictions.explain(input);
    const unknown = classes?.find((name) => !model.classes.includes(name));
    if (unknown !== undefined)
      throw new InvalidInputError('input.classes', `classes of the model: ${model.classes.join(', ')}`, unknown);
    const { height, width } = saliency;
    const count = model.classes.length;
    const ofClass = async (name: string, branch: Branch): Promise<ClassSaliency> => {
      const all = branch === Branch.TARGET ? saliency.target : saliency.auxiliary;
      const k = model.classes.indexOf(name);
      const cells = Array.from({ length: height * width }, (_, cell) => all[cell * count + k]);
      const png = await saliencyPicture(cells, { height, width, size });
      return {
        branch,
        class: name,
        map: Array.from({ length: height }, (_, row) => cells.slice(row * width, (row + 1) * width)),
        highest: Math.max(...cells),
        png: `data:image/png;base64,${png.toString('base64')}`,
      };
    };
    const wanted = (classes ?? model.classes).flatMap((name) =>
      Object.values(Branch).map((branch) => ofClass(name, branch)),
    );
    return { model, checkpoint, height, width, maps: await Promise.all(wanted) };
  }
}
