import { Column } from 'typeorm';
import { Split } from '../../split.js';

/** Numbers of one sample after one epoch, to filter, order and count by in SQL. */
export abstract class AnalysedNumbers {
  @Column({ type: 'int' })
  epoch!: number;

  @Column({ type: 'enum', enum: Split, enumName: 'split' })
  split!: Split;

  /** Position in `run_split`: where the sample's vectors lie in the columns. */
  @Column({ type: 'int' })
  position!: number;

  /** Class indices: given, argmax of votes, clean, argmax of label, fused and target distribution. */
  @Column({ name: 'given_label', type: 'smallint' })
  givenLabel!: number;

  @Column({ name: 'clean_label', type: 'smallint', nullable: true })
  cleanLabel!: number | null;

  @Column({ name: 'votes_label', type: 'smallint', nullable: true })
  votesLabel!: number | null;

  @Column({ name: 'auxiliary_label', type: 'smallint', nullable: true })
  auxiliaryLabel!: number | null;

  @Column({ name: 'fused_label', type: 'smallint', nullable: true })
  fusedLabel!: number | null;

  @Column({ name: 'target_label', type: 'smallint', nullable: true })
  targetLabel!: number | null;

  /** Entropy of the label distribution in nats. */
  @Column({ name: 'entropy', type: 'real', nullable: true })
  entropy!: number | null;

  /** p_1 - p_2 of the target distribution. */
  @Column({ name: 'margin', type: 'real', nullable: true })
  margin!: number | null;

  /** Target distribution at the given label. */
  @Column({ name: 'self_confidence', type: 'real', nullable: true })
  selfConfidence!: number | null;

  /** Mean attention w. */
  @Column({ name: 'attention', type: 'real', nullable: true })
  attention!: number | null;

  /** v: w scaled over the split. */
  @Column({ name: 'fusion_weight', type: 'real', nullable: true })
  fusionWeight!: number | null;

  /** KL(votes || fused distribution) in nats; null without votes, as all of the votes. */
  @Column({ name: 'votes_kl_fused', type: 'real', nullable: true })
  votesKlFused!: number | null;

  /**
   * Measures from here on are null in rows written before they were introduced: see `source.ts`. Definitions are in
   * `measure.ts`.
   */
  @Column({ name: 'auxiliary_attention', type: 'real', nullable: true })
  auxiliaryAttention!: number | null;

  @Column({ name: 'target_attention', type: 'real', nullable: true })
  targetAttention!: number | null;

  @Column({ name: 'ambiguity_ratio', type: 'real', nullable: true })
  ambiguityRatio!: number | null;

  @Column({ name: 'normalised_margin', type: 'real', nullable: true })
  normalisedMargin!: number | null;

  @Column({ name: 'confidence_weighted_entropy', type: 'real', nullable: true })
  confidenceWeightedEntropy!: number | null;

  @Column({ name: 'given_label_kl', type: 'real', nullable: true })
  givenLabelKl!: number | null;

  @Column({ type: 'real', nullable: true })
  loss!: number | null;

  @Column({ name: 'ambiguous', type: 'real', nullable: true })
  ambiguous!: number | null;

  @Column({ name: 'mislabelled', type: 'real', nullable: true })
  mislabelled!: number | null;

  @Column({ name: 'hard', type: 'real', nullable: true })
  hard!: number | null;

  @Column({ name: 'true_kl_label', type: 'real', nullable: true })
  trueKlLabel!: number | null;

  @Column({ name: 'true_kl_fused', type: 'real', nullable: true })
  trueKlFused!: number | null;

  @Column({ name: 'true_kl_target', type: 'real', nullable: true })
  trueKlTarget!: number | null;

  @Column({ name: 'votes_entropy', type: 'real', nullable: true })
  votesEntropy!: number | null;

  @Column({ name: 'votes_kl_label', type: 'real', nullable: true })
  votesKlLabel!: number | null;

  @Column({ name: 'votes_kl_target', type: 'real', nullable: true })
  votesKlTarget!: number | null;

  @Column({ name: 'votes_js_label', type: 'real', nullable: true })
  votesJsLabel!: number | null;

  @Column({ name: 'votes_js_fused', type: 'real', nullable: true })
  votesJsFused!: number | null;

  @Column({ name: 'votes_js_target', type: 'real', nullable: true })
  votesJsTarget!: number | null;

  @Column({ name: 'confidence', type: 'double precision', nullable: true })
  confidence!: number | null;

  @Column({ name: 'variability', type: 'double precision', nullable: true })
  variability!: number | null;

  @Column({ name: 'correctness', type: 'double precision', nullable: true })
  correctness!: number | null;

  @Column({ name: 'aum', type: 'double precision', nullable: true })
  aum!: number | null;

  @Column({ name: 'forgetting_events', type: 'smallint', nullable: true })
  forgettingEvents!: number | null;

  /** What confident learning would label it instead, a class index; null where it would not. */
  @Column({ name: 'confident_label', type: 'smallint', nullable: true })
  confidentLabel!: number | null;
}
