import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { ImageStorage } from '../images/image-storage.js';

registerEnumType(ImageStorage, {
  name: 'ImageStorage',
  description: 'Where the images of a data set are kept.',
  valuesConfig: {
    IN_PLACE: { description: 'They stay in the folder they were imported from.' },
    COPIED: { description: 'They are copied into the data directory, each content once.' },
  },
});

@ObjectType({ description: 'An option of an importer.' })
export class ImporterOptionView {
  @Field(() => String, { description: 'As `ImportOptionInput.name` and, after two dashes, on the command line.' })
  name!: string;

  @Field(() => String, { description: 'What it is for.' })
  description!: string;

  @Field(() => [String], { nullable: true, description: 'The only values accepted; null where any text may be.' })
  choices!: readonly string[] | null;

  @Field(() => String, { nullable: true, description: 'What it is where it is left out; null for nothing.' })
  default!: string | null;
}

@ObjectType('Importer', { description: 'A layout of data sets that can be imported.' })
export class ImporterView {
  @Field(() => String, { description: 'Its name, e.g. `raf-db`.' })
  format!: string;

  @Field(() => String, { description: 'The layout in a few words.' })
  summary!: string;

  @Field(() => [ImporterOptionView], { description: 'Options of `importDataset` with this format.' })
  options!: ImporterOptionView[];
}

@ObjectType({ description: 'A directory below which the server may read data sets (setting IMPORT_ROOTS).' })
export class ImportRoot {
  @Field(() => String, { description: 'Absolute, on the server.' })
  path!: string;

  @Field(() => [String], { description: 'Names of the folders directly in it.' })
  folders!: string[];
}

@ObjectType({ description: 'Something that directories of a format have.' })
export class FormatPart {
  @Field(() => String, { description: 'In words.' })
  what!: string;

  @Field(() => String, { nullable: true, description: 'What was found of it; null where it is missing.' })
  found!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What stands there instead, where it is missing and something does.',
  })
  instead?: string | null;
}

@ObjectType({ description: 'How well a directory fits a format.' })
export class FormatFitView {
  @Field(() => String, { description: 'Name of the importer.' })
  format!: string;

  @Field(() => String, { description: 'The layout in a few words.' })
  summary!: string;

  @Field(() => Boolean, { description: 'Every part was found.' })
  fits!: boolean;

  @Field(() => [FormatPart], { description: 'What makes the format, found or missing.' })
  parts!: FormatPart[];
}

@InputType({ description: 'A value for an option of the format (see `Query.importers`).' })
export class ImportOptionInput {
  @Field(() => String, { description: 'E.g. `vote-rule`.' })
  name!: string;

  @Field(() => String, { description: 'E.g. `majority`.' })
  value!: string;
}

@InputType({ description: 'What to import: a directory of the server or an upload.' })
export class ImportDatasetInput {
  @Field(() => String, {
    nullable: true,
    description: 'In or below a directory of `Query.importRoots`, absolute or relative to one.',
  })
  directory?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'What `POST /uploads` answered. Its images are copied into the data directory.',
  })
  upload?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of an importer; default `auto`: it is found.' })
  format?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Of the data set, unique, at most 100 characters. Default: that of the directory or the file.',
  })
  name?: string | null;

  @Field(() => [ImportOptionInput], { nullable: true, description: 'Options of the format.' })
  options?: ImportOptionInput[] | null;

  @Field(() => ImageStorage, {
    nullable: true,
    description: 'Default IN_PLACE. Images that the format makes (FER2013, boxes) are always copied.',
  })
  images?: ImageStorage | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'The classes and their order, other labels left out; or a name for each label, `1=surprise`; or the one word of a data set whose codes the labels are: `raf-db`, `raf-db-compound`, `affectnet`, `affectnet-7`, `fer2013`, `ferplus`. Of any format.',
  })
  classes?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Of a table: the column with the path or name of a picture, where its name is not a usual one; a number counts from 1.',
  })
  pathColumn?: string | null;

  @Field(() => String, { nullable: true, description: 'Of a table: the column with the label, likewise.' })
  labelColumn?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Read everything and keep nothing: `ImportJob.report` says what would come in. Default false.',
  })
  dryRun?: boolean | null;
}
