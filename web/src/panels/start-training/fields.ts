import type { StartTrainingInput } from '../../graphql/generated/graphql';

export type FieldName = Exclude<keyof StartTrainingInput, 'dataset'>;
/** What stands in the form, as typed; empty: the server's default. */
export type FormValues = Record<FieldName, string>;

interface TypedField {
  kind: 'integer' | 'number' | 'text';
  name: FieldName;
  label: string;
  hint: string;
}
interface ChoiceField {
  kind: 'choice';
  name: FieldName;
  label: string;
  hint: string;
  choices: readonly { value: string; label: string }[];
}
export type Field = TypedField | ChoiceField;

export const mainFields: readonly Field[] = [
  {
    kind: 'choice',
    name: 'backbone',
    label: 'Backbone',
    hint: 'ResNet-18 as in the paper',
    choices: [
      { value: 'RESNET18', label: 'ResNet-18' },
      { value: 'RESNET50', label: 'ResNet-50' },
    ],
  },
  { kind: 'integer', name: 'width', label: 'Width', hint: 'stem channels, paper: 64' },
  { kind: 'integer', name: 'imageSize', label: 'Image size', hint: 'pixels, square' },
  { kind: 'integer', name: 'epochs', label: 'Epochs', hint: 'passes over the training split' },
  { kind: 'integer', name: 'batchSize', label: 'Batch size', hint: 'images a step' },
  { kind: 'integer', name: 'seed', label: 'Seed', hint: 'same seed, same run' },
  { kind: 'number', name: 'learningRate', label: 'Learning rate', hint: 'of Adam, at the start' },
  {
    kind: 'choice',
    name: 'augmentation',
    label: 'Augmentation',
    hint: 'of training images',
    choices: [
      { value: 'FLIP', label: 'horizontal flip' },
      { value: 'RAND_AUGMENT', label: 'RandAugment, flip, erasing' },
      { value: 'NONE', label: 'none' },
    ],
  },
  {
    kind: 'choice',
    name: 'sampling',
    label: 'Sampling',
    hint: 'what an epoch visits',
    choices: [
      { value: 'SHUFFLE', label: 'every face once' },
      { value: 'CLASS_BALANCED', label: 'classes alike' },
    ],
  },
  {
    kind: 'choice',
    name: 'worker',
    label: 'Worker',
    hint: 'a run waits for it',
    choices: [
      { value: 'ANY', label: 'whichever is free' },
      { value: 'GPU', label: 'with a GPU' },
    ],
  },
];

export const methodFields: readonly Field[] = [
  {
    kind: 'choice',
    name: 'recipe',
    label: 'Recipe',
    hint: 'everything the paper says of its data set; needs start weights',
    choices: [
      { value: 'RAF_DB', label: 'RAF-DB' },
      { value: 'AFFECTNET', label: 'AffectNet' },
      { value: 'SFEW', label: 'SFEW' },
    ],
  },
  {
    kind: 'choice',
    name: 'preset',
    label: 'Protocol',
    hint: 'sets the next six',
    choices: [
      { value: 'PAPER', label: 'as the paper' },
      { value: 'OFFICIAL_CODE', label: "as the authors' code" },
      { value: 'CORRECTED', label: 'corrected' },
    ],
  },
  { kind: 'number', name: 'threshold', label: 'Threshold t', hint: 'mined rows count from it' },
  { kind: 'integer', name: 'beta', label: 'Ramp β', hint: 'epochs to full KL' },
  { kind: 'number', name: 'minimumFusionWeight', label: 'Least fusion weight', hint: 'w_min' },
  { kind: 'number', name: 'maximumFusionWeight', label: 'Greatest fusion weight', hint: 'w_max' },
  { kind: 'number', name: 'highAttentionShare', label: 'High-attention share', hint: 'of a batch, rank loss' },
  { kind: 'number', name: 'rankMargin', label: 'Rank margin', hint: 'high to low attention' },
  {
    kind: 'choice',
    name: 'fallback',
    label: 'Fallback row',
    hint: 'for classes below t',
    choices: [
      { value: 'NORMALISED', label: 'normalised' },
      { value: 'REFERENCE', label: 'as the reference' },
    ],
  },
  {
    kind: 'choice',
    name: 'miningImages',
    label: 'Mining images',
    hint: 'of class distributions',
    choices: [
      { value: 'PLAIN', label: 'as they are' },
      { value: 'AUGMENTED', label: 'augmented' },
    ],
  },
  {
    kind: 'choice',
    name: 'fusionScale',
    label: 'Fusion scale',
    hint: 'least to greatest w of',
    choices: [
      { value: 'BATCH', label: 'the batch' },
      { value: 'SPLIT', label: 'the training split' },
    ],
  },
  {
    kind: 'choice',
    name: 'fusedGradient',
    label: 'Gradient into q',
    hint: 'from the divergence',
    choices: [
      { value: 'FLOWS', label: 'flows' },
      { value: 'CUT', label: 'cut' },
    ],
  },
  {
    kind: 'choice',
    name: 'selection',
    label: 'Best epoch by',
    hint: 'on test it is optimistic',
    choices: [
      { value: 'VALIDATION', label: 'validation' },
      { value: 'TEST', label: 'test' },
    ],
  },
  {
    kind: 'choice',
    name: 'sharpeningAxis',
    label: 'Sharpening axis',
    hint: 'what is divided by its sum',
    choices: [
      { value: 'ROWS', label: 'rows' },
      { value: 'COLUMNS', label: 'columns' },
    ],
  },
  { kind: 'integer', name: 'patience', label: 'Patience', hint: 'epochs, then it ends early' },
  { kind: 'number', name: 'sharpening', label: 'Sharpening T', hint: 'of class distributions' },
  { kind: 'number', name: 'learningRateDecay', label: 'Learning rate decay', hint: 'factor after every epoch' },
  { kind: 'number', name: 'labelSmoothing', label: 'Label smoothing', hint: 'of the cross entropy' },
  { kind: 'number', name: 'dropout', label: 'Dropout', hint: 'after layer1' },
  { kind: 'integer', name: 'randAugmentOperations', label: 'RandAugment operations', hint: 'of an image, paper: 3' },
  { kind: 'number', name: 'randAugmentMagnitude', label: 'RandAugment magnitude', hint: '0 to 10, paper: 5' },
  { kind: 'number', name: 'randAugmentDeviation', label: 'Magnitude deviation', hint: 'paper: 0.5' },
  { kind: 'number', name: 'erasingProbability', label: 'Random erasing', hint: 'share of images, paper: 0.5' },
  {
    kind: 'choice',
    name: 'testTimeCrops',
    label: 'Test-time crops',
    hint: 'validation and test',
    choices: [
      { value: 'NONE', label: 'whole image' },
      { value: 'TEN_CROP', label: 'ten crops, averaged' },
    ],
  },
  { kind: 'text', name: 'backend', label: 'Backend', hint: 'of its worker, e.g. webgpu' },
  { kind: 'text', name: 'initialWeights', label: 'Begin with weights', hint: 'id of a checkpoint, e.g. checkpoint_7' },
  {
    kind: 'choice',
    name: 'frozenStem',
    label: 'Stem and layer1',
    hint: 'paper: frozen',
    choices: [
      { value: 'false', label: 'trained' },
      { value: 'true', label: 'frozen' },
    ],
  },
];

const empty: FormValues = {
  recipe: '',
  name: '',
  labelSet: '',
  backbone: '',
  width: '',
  frozenStem: '',
  imageSize: '',
  epochs: '',
  batchSize: '',
  seed: '',
  learningRate: '',
  learningRateDecay: '',
  threshold: '',
  beta: '',
  minimumFusionWeight: '',
  maximumFusionWeight: '',
  highAttentionShare: '',
  rankMargin: '',
  labelSmoothing: '',
  dropout: '',
  fallback: '',
  sharpening: '',
  sampling: '',
  augmentation: '',
  randAugmentOperations: '',
  randAugmentMagnitude: '',
  randAugmentDeviation: '',
  erasingProbability: '',
  testTimeCrops: '',
  worker: '',
  backend: '',
  preset: '',
  sharpeningAxis: '',
  miningImages: '',
  fusionScale: '',
  fusedGradient: '',
  selection: '',
  patience: '',
  initialWeights: '',
};

/** Ways to begin. What a preset leaves empty is the server's default. */
export const presets = {
  quick: {
    label: 'Quick look',
    hint: 'A narrow network for a few epochs: about a minute for some thousand faces of 48 px.',
    values: { ...empty, width: '16', imageSize: '48', epochs: '6' },
  },
  standard: {
    label: 'Standard',
    hint: 'Every setting as the server has it: ResNet-18 of full width, 48 px, 20 epochs.',
    values: { ...empty },
  },
  paper: {
    label: 'As the paper',
    hint: 'RAF-DB settings: 224 px, batches of 64, 75 epochs. Needs a GPU to end within a day.',
    values: {
      ...empty,
      backbone: 'RESNET18',
      width: '64',
      imageSize: '224',
      epochs: '75',
      batchSize: '64',
      learningRate: '0.001',
      learningRateDecay: '0.9',
      threshold: '0.7',
      beta: '3',
      augmentation: 'RAND_AUGMENT',
    },
  },
} as const satisfies Record<string, { label: string; hint: string; values: FormValues }>;

export type Preset = keyof typeof presets;

const numeric = new Map([...mainFields, ...methodFields].map((field) => [field.name, field.kind]));

/** The mutation's input of what was typed, or the fields whose text is no number. */
export function inputOf(
  dataset: string,
  values: FormValues,
): { input: StartTrainingInput } | { errors: Partial<Record<FieldName, string>> } {
  const input: Record<string, unknown> = { dataset };
  const errors: Partial<Record<FieldName, string>> = {};
  for (const [name, text] of Object.entries(values) as [FieldName, string][]) {
    const typed = text.trim();
    if (typed === '') continue;
    const kind = numeric.get(name);
    if (kind === 'integer' && !/^-?\d{1,15}$/.test(typed)) errors[name] = 'expected a whole number';
    else if (kind === 'number' && !Number.isFinite(Number(typed))) errors[name] = 'expected a number';
    else
      input[name] =
        kind === 'integer' || kind === 'number' ? Number(typed) : name === 'frozenStem' ? typed === 'true' : typed;
  }
  return Object.keys(errors).length > 0 ? { errors } : { input: input as unknown as StartTrainingInput };
}
