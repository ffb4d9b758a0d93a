/** Which part of a data set a sample belongs to. Only TRAIN is trained on; VALIDATION selects; TEST reports. */
export enum Split {
  TRAIN = 'TRAIN',
  VALIDATION = 'VALIDATION',
  TEST = 'TEST',
}

export const splits = [Split.TRAIN, Split.VALIDATION, Split.TEST] as const;
