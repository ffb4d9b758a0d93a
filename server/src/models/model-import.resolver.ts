import path from 'node:path';
import { Arg, Field, ID, InputType, Int, Mutation, Query, Resolver } from 'type-graphql';
import { InvalidInputError } from '../errors.js';
import type { ImportRoots } from '../datasets/imports/import-roots.js';
import type { ModelImportService } from './model-import.service.js';
import { Model } from './model.entity.js';
import type { UploadStore } from '../datasets/uploads/upload-store.js';
import { InspectedWeights } from './weights-contents.js';
import { Requires, Role } from '../graphql/role.js';

@InputType({
  description:
    'A file of weights: either `upload` or `path`. What it holds (whole network or backbone, whose names) is told from its tensors.',
})
export class ImportModelInput {
  @Field(() => ID, { nullable: true, description: 'What `POST /uploads?name=…` answered with; it is used up.' })
  upload?: string | null;

  @Field(() => String, { nullable: true, description: 'A file on the server, below one of its IMPORT_ROOTS.' })
  path?: string | null;

  @Field(() => String, { nullable: true, description: "Default: the file's." })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'The model becomes the next version of it. Default: its name.' })
  family?: string | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Class names in the order of its logits, `[C]`. Needed for a whole network whose file does not say; none for a backbone.',
  })
  classes?: string[] | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Side of its square input in pixels, 32 to 1024. Default: what the file says, else 224 as in the paper.',
  })
  imageSize?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Which network, where the file holds several: a label of `inspectWeights`, like `state_dict_ema`. Default: the first, trained weights before their averages.',
  })
  part?: string | null;
}

@InputType({ description: 'A file of weights that is only looked at: either `upload`, which stays, or `path`.' })
export class InspectWeightsInput {
  @Field(() => ID, { nullable: true, description: 'What `POST /uploads?name=…` answered with.' })
  upload?: string | null;

  @Field(() => String, { nullable: true, description: 'A file on the server, below one of its IMPORT_ROOTS.' })
  path?: string | null;

  @Field(() => String, { nullable: true, description: 'As in `ImportModelInput`.' })
  part?: string | null;
}

@Resolver()
export class ModelImportResolver {
  constructor(
    private readonly imports: ModelImportService,
    private readonly uploads: UploadStore,
    private readonly roots: ImportRoots,
  ) {}

  @Requires(Role.TRAINER)
  @Mutation(() => Model, {
    description:
      "Makes a model of a file: the authors' `.pth.tar`, a ResNet-18 or ResNet-50 `.pth`, or `.safetensors`. Nothing in it is executed. CHECKPOINT_FORMAT for a damaged or hostile file, CHECKPOINT_WEIGHTS with the lists of tensors where it is another network.",
  })
  async importModel(@Arg('input', () => ImportModelInput) input: ImportModelInput): Promise<Model> {
    const { upload, path: _, ...options } = input;
    const file = await this.find(input);
    const model = await this.imports.import(file.path, options, file.fileName);
    if (upload) await this.uploads.remove(upload);
    return model;
  }

  @Query(() => InspectedWeights, {
    description:
      'What a file of weights holds, read whole and checked, as `importModel` would take it; nothing is kept.',
  })
  async inspectWeights(@Arg('input', () => InspectWeightsInput) input: InspectWeightsInput): Promise<InspectedWeights> {
    return this.imports.inspect((await this.find(input)).path, input.part ?? null);
  }

  private async find({ upload, path: given }: InspectWeightsInput): Promise<{ path: string; fileName: string }> {
    if (Boolean(upload) === Boolean(given)) throw new InvalidInputError('input', 'either upload or path', null);
    if (upload) return this.uploads.find(upload, 'input.upload');
    const found = await this.roots.file(given!, 'input.path');
    return { path: found, fileName: path.basename(found) };
  }
}
