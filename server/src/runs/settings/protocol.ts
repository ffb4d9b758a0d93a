import { registerEnumType } from 'type-graphql';

export enum SharpeningAxis {
  ROWS = 'ROWS',
  COLUMNS = 'COLUMNS',
}
registerEnumType(SharpeningAxis, {
  name: 'SharpeningAxis',
  description: 'What a sharpened matrix of class distributions is divided by. Without sharpening it changes nothing.',
  valuesConfig: {
    ROWS: { description: 'Each row by its own sum: rows stay distributions.' },
    COLUMNS: { description: "Column j by the sum of row j, as the authors' code does: rows no longer sum to 1." },
  },
});

export enum MiningImages {
  PLAIN = 'PLAIN',
  AUGMENTED = 'AUGMENTED',
}
registerEnumType(MiningImages, {
  name: 'MiningImages',
  description: 'On which training images class distributions are mined after an epoch.',
  valuesConfig: {
    PLAIN: { description: 'As they are, all of the split: what the network says of the face itself.' },
    AUGMENTED: {
      description:
        "Augmented anew, those that the epoch visits (of CLASS_BALANCED the samples it drew) and without the last short batch, as the authors' loader gives them: noisier, and another pass.",
    },
  },
});

export enum FusionScale {
  BATCH = 'BATCH',
  SPLIT = 'SPLIT',
}
registerEnumType(FusionScale, {
  name: 'FusionScale',
  description: 'Over what the attention w is stretched to the fusion weight v in training.',
  valuesConfig: {
    BATCH: {
      description:
        "The least and greatest w of the batch, as in the paper and the authors' code: v of a face depends on who is beside it.",
    },
    SPLIT: {
      description:
        'The least and greatest w of the training split after the epoch before, as in analysis; the first epoch by batch.',
    },
  },
});

export enum FusionSource {
  ATTENTION = 'ATTENTION',
  CERTAINTY = 'CERTAINTY',
}
registerEnumType(FusionSource, {
  name: 'FusionSource',
  description: 'What of a sample is stretched to its fusion weight v.',
  valuesConfig: {
    ATTENTION: { description: 'The mean attention w = (a1 + a2) / 2, as in the paper.' },
    CERTAINTY: {
      description:
        '1 - H(p) / log C of the label distribution p: a sample of which the auxiliary branch is sure is taught its class distribution, an ambiguous one its own.',
    },
  },
});

export enum FusedGradient {
  FLOWS = 'FLOWS',
  CUT = 'CUT',
}
registerEnumType(FusedGradient, {
  name: 'FusedGradient',
  description: 'Whether the divergence from the fused distribution q also moves q.',
  valuesConfig: {
    FLOWS: { description: "As the authors' code: the target may come towards what it teaches." },
    CUT: {
      description:
        'q is a constant target, as a teacher is elsewhere; the auxiliary branch then learns from CE, attention from RR and the logits alone.',
    },
  },
});

export enum Selection {
  VALIDATION = 'VALIDATION',
  TEST = 'TEST',
}
registerEnumType(Selection, {
  name: 'Selection',
  description: 'The split whose accuracy chooses the BEST checkpoint.',
  valuesConfig: {
    VALIDATION: { description: 'Nothing is chosen by what is reported.' },
    TEST: {
      description: "As the authors' code: the accuracy on test is then optimistic, for it was chosen among all epochs.",
    },
  },
});

export enum Preset {
  PAPER = 'PAPER',
  OFFICIAL_CODE = 'OFFICIAL_CODE',
  CORRECTED = 'CORRECTED',
}
registerEnumType(Preset, {
  name: 'Preset',
  description:
    "Sets every switch in which the paper, its authors' code and good practice differ; a switch that is given too wins. Learning rate, sizes and the like stay.",
  valuesConfig: {
    PAPER: {
      description: 'As the paper is written: NORMALISED, ROWS, PLAIN, BATCH, FLOWS, VALIDATION. The same as no preset.',
    },
    OFFICIAL_CODE: { description: "As the authors' code runs: REFERENCE, COLUMNS, AUGMENTED, BATCH, FLOWS, TEST." },
    CORRECTED: { description: 'What we would do: NORMALISED, ROWS, PLAIN, SPLIT, CUT, VALIDATION.' },
  },
});
