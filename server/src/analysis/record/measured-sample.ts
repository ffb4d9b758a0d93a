import { entropy } from '../../metrics/entropy.js';
import type { Dynamics } from '../../metrics/dynamics.js';
import { fusedDistribution, fusionWeight, meanAttention, type FusionBounds } from '../../metrics/fusion.js';

/** What turns outputs of an epoch into fused distributions. */
export interface Fusion {
  /** L after the epoch, `[C * C]` row-major. */
  classDistributions: Float32Array;
  /** [lowest, highest] mean attention w over the split. */
  range: readonly [number, number];
  bounds: FusionBounds;
}

/** What a run recorded of one sample after an epoch. */
export interface RecordedSample {
  /** p, `[C]`. */
  label: ArrayLike<number>;
  /** softmax(z2), `[C]`. */
  target: ArrayLike<number>;
  /** a1 and a2. */
  auxiliaryAttention: number;
  targetAttention: number;
  /** Class index of the label the run was given. */
  given: number;
}

/** What people and sources other than the given label say of a sample. */
export interface KnownOfSample {
  /** Vote distribution, `[C]`, and how many voted; null without a vote for any class. */
  votes: ArrayLike<number> | null;
  voters: number;
  /** Class index; -1 where unknown. */
  clean: number;
  /** True distribution, `[C]`. */
  truth: ArrayLike<number> | null;
}

export const nothingKnown: KnownOfSample = { votes: null, voters: 0, clean: -1, truth: null };

/** Everything that a measure of a sample can be computed from; what costs is computed when it is first asked for. */
export class MeasuredSample {
  private fusedValues: ArrayLike<number> | undefined;
  private voteEntropy: number | undefined;

  constructor(
    readonly recorded: RecordedSample,
    readonly fusion: Fusion,
    readonly known: KnownOfSample = nothingKnown,
    /** Over the epochs up to this one; null where nobody followed them. */
    readonly dynamics: Dynamics | null = null,
  ) {}

  /** w */
  get attention(): number {
    return meanAttention(this.recorded.auxiliaryAttention, this.recorded.targetAttention);
  }

  /** v */
  get fusionWeight(): number {
    return fusionWeight(this.attention, this.fusion.range, this.fusion.bounds);
  }

  /** L[y], `[C]`. */
  get classDistribution(): Float32Array {
    const classes = this.recorded.label.length;
    return this.fusion.classDistributions.subarray(this.recorded.given * classes, (this.recorded.given + 1) * classes);
  }

  /** q, `[C]`. */
  get fused(): ArrayLike<number> {
    return (this.fusedValues ??= fusedDistribution(this.recorded.label, this.classDistribution, this.fusionWeight));
  }

  /** Of the votes, in nats; NaN without votes. */
  get entropyOfVotes(): number {
    const { votes } = this.known;
    return (this.voteEntropy ??= votes ? entropy(votes) : Number.NaN);
  }
}
