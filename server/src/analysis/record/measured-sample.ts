import { entropy } from '../../metrics/entropy.js';
import type { Dynamics } from '../../metrics/dynamics.js';
import {
  fusedDistribution,
  fusionScore,
  fusionWeight,
  meanAttention,
  type FusionBounds,
} from '../../metrics/fusion.js';

/** What turns outputs of an epoch into fused distributions. */
export interface Fusion {
  /** L after the epoch, `[C * C]` row-major. */
  classDistributions: Float32Array;
  /** [lowest, highest] of what is stretched to v over the split: the mean attention w, or what `bounds` says. */
  range: readonly [number, number];
  bounds: FusionBounds;
}

/** What a run recorded of one sample after an epoch. A run that was recorded elsewhere need not have said all of it. */
export interface RecordedSample {
  /** p, `[C]`; null where not said. */
  label: ArrayLike<number> | null;
  /** softmax(z2), `[C]`; null where not said. */
  target: ArrayLike<number> | null;
  /** a1 and a2; NaN where not said. */
  auxiliaryAttention: number;
  targetAttention: number;
  /** Of a recorded run, by its own loss; NaN where not said. */
  loss: number;
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
  private fusedValues: ArrayLike<number> | null | undefined;
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
    const { range, bounds } = this.fusion;
    const { label, auxiliaryAttention: auxiliary, targetAttention: target } = this.recorded;
    return fusionWeight(fusionScore(bounds.source, label, { auxiliary, target }), range, bounds);
  }

  /** L[y], `[C]`; NaN where not said. */
  get classDistribution(): Float32Array {
    const classes = Math.sqrt(this.fusion.classDistributions.length);
    return this.fusion.classDistributions.subarray(this.recorded.given * classes, (this.recorded.given + 1) * classes);
  }

  /** q, `[C]`; null where something that it follows from was not said. */
  get fused(): ArrayLike<number> | null {
    if (this.fusedValues === undefined) this.fusedValues = this.fuse();
    return this.fusedValues;
  }

  private fuse(): ArrayLike<number> | null {
    const { classDistribution, fusionWeight: v } = this;
    const { label } = this.recorded;
    if (!label || Number.isNaN(v) || Number.isNaN(classDistribution[0])) return null;
    return fusedDistribution(label, classDistribution, v);
  }

  /** Of the votes, in nats; NaN without votes. */
  get entropyOfVotes(): number {
    const { votes } = this.known;
    return (this.voteEntropy ??= votes ? entropy(votes) : Number.NaN);
  }
}
