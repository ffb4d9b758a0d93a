import { Field, Float, InputType, Int, registerEnumType } from 'type-graphql';
import type { FaceSet } from '../../drawn-faces/face-set.js';
import { type DrawnSizeName, drawnSizes } from '../../drawn-faces/sizes.js';
import { splits } from '../../split.js';

export enum DrawnSize {
  TINY = 'TINY',
  DEMO = 'DEMO',
  STANDARD = 'STANDARD',
}

const sizeNames: Readonly<Record<DrawnSize, DrawnSizeName>> = {
  [DrawnSize.TINY]: 'tiny',
  [DrawnSize.DEMO]: 'demo',
  [DrawnSize.STANDARD]: 'standard',
};

/** Like `2100 + 700 + 700 faces at 48 px`. */
function describe(size: DrawnSize): { description: string } {
  const { counts, imageSize } = drawnSizes[sizeNames[size]];
  return {
    description: `${splits.map((split) => counts[split]).join(' + ')} training, validation and test faces; ${imageSize} px unless told otherwise.`,
  };
}
registerEnumType(DrawnSize, {
  name: 'DrawnSize',
  description: 'How many faces are drawn.',
  valuesConfig: {
    TINY: describe(DrawnSize.TINY),
    DEMO: describe(DrawnSize.DEMO),
    STANDARD: describe(DrawnSize.STANDARD),
  },
});

export enum DrawnLabelRule {
  PLURALITY = 'PLURALITY',
  RATER = 'RATER',
}
registerEnumType(DrawnLabelRule, {
  name: 'DrawnLabelRule',
  description: 'What the given label of a drawn training face is. Validation and test always take the plurality.',
  valuesConfig: {
    PLURALITY: { description: 'What most of the ten raters chose.' },
    RATER: { description: 'What one rater chose: wrong about four times as often.' },
  },
});

const defaultSeed = 7;

@InputType({
  description: 'Which faces to draw. Everything has a default; the same choices give the same pixels on every machine.',
})
export class DrawFacesInput {
  @Field(() => DrawnSize, { nullable: true, description: 'Default DEMO.' })
  size?: DrawnSize | null;

  @Field(() => Int, { nullable: true, description: 'Decides every face; 0 or more. Default 7.' })
  seed?: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'The dial of ambiguity, 0.05 to 1: how far from an expression an observer still takes a face for it. Default 0.22, as ambiguous as FER+.',
  })
  tau?: number | null;

  @Field(() => Int, { nullable: true, description: 'Side of a picture, 16 to 512 pixels. Default: as the size says.' })
  imageSize?: number | null;

  @Field(() => DrawnLabelRule, { nullable: true, description: 'Default PLURALITY.' })
  givenLabel?: DrawnLabelRule | null;

  @Field(() => String, {
    nullable: true,
    description: 'Of the data set, unique, at most 100 characters. Default: from the choices.',
  })
  name?: string | null;
}

/** The faces that are meant, and the name of their data set. */
export function chosenFaces(input: DrawFacesInput): { faces: FaceSet; name: string } {
  const size = sizeNames[input.size ?? DrawnSize.DEMO];
  const { counts, imageSize: standard } = drawnSizes[size];
  const {
    seed = defaultSeed,
    tau,
    imageSize,
  } = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null)) as {
    seed?: number;
    tau?: number;
    imageSize?: number;
  };
  const rater = input.givenLabel === DrawnLabelRule.RATER;
  const faces: FaceSet = {
    counts,
    imageSize: imageSize ?? standard,
    seed,
    givenLabel: rater ? 'rater' : 'plurality',
    ...(tau !== undefined && { tau }),
  };
  const name =
    input.name?.trim() ||
    `drawn-faces-${size}-${faces.imageSize}-${seed}${tau === undefined ? '' : `-tau-${tau}`}${rater ? '-rater' : ''}`;
  return { faces, name };
}
