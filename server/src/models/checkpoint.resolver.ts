import { Arg, Field, FieldResolver, Float, ObjectType, Resolver, Root } from 'type-graphql';
import { Checkpoint } from './checkpoint.entity.js';
import { ExportFormat } from './exports/export-format.js';
import { exportUrl } from './exports/export-route.js';
import type { ExportService } from './exports/export.service.js';
import { Model } from './model.entity.js';
import type { ModelService } from './model.service.js';

@ObjectType({ description: 'A checkpoint as a file to download.' })
export class CheckpointExport {
  @Field(() => ExportFormat, { description: 'What kind of file.' })
  format!: ExportFormat;

  @Field(() => String, { description: 'Relative URL, for GET.' })
  url!: string;

  /** Resolves the fields below, which need the file. */
  checkpoint!: Checkpoint;
}

@Resolver(() => Checkpoint)
export class CheckpointResolver {
  constructor(private readonly models: ModelService) {}

  @FieldResolver(() => Model, { description: 'Whose weights it holds.' })
  async model(@Root() checkpoint: Checkpoint): Promise<Model> {
    return checkpoint.model ?? (await this.models.byRow(checkpoint.modelRow))!;
  }

  @FieldResolver(() => [CheckpointExport], {
    description: 'What it can be downloaded as; of a backbone SAFETENSORS only.',
  })
  exports(
    @Root() checkpoint: Checkpoint,
    @Arg('format', () => ExportFormat, { nullable: true, description: 'Only this one.' }) format?: ExportFormat | null,
  ): CheckpointExport[] {
    const formats = format ? [format] : Object.values(ExportFormat);
    return formats.map((one) => ({ format: one, url: exportUrl(checkpoint.id, one), checkpoint }));
  }
}

@Resolver(() => CheckpointExport)
export class CheckpointExportResolver {
  constructor(
    private readonly models: ModelService,
    private readonly files: ExportService,
  ) {}

  @FieldResolver(() => String, {
    description:
      'SHA-256 of the file, hexadecimal. Makes the file where nobody has asked for it before, which may take seconds.',
  })
  async sha256(@Root() exported: CheckpointExport): Promise<string> {
    return (await this.file(exported)).sha256;
  }

  @FieldResolver(() => Float, {
    description: 'Size of the file in bytes. Makes the file where nobody has asked for it before.',
  })
  async bytes(@Root() exported: CheckpointExport): Promise<number> {
    return (await this.file(exported)).bytes;
  }

  private async file({ checkpoint, format }: CheckpointExport): ReturnType<ExportService['export']> {
    return this.files.export((await this.models.checkpointWithModel(checkpoint.row))!, format);
  }
}
