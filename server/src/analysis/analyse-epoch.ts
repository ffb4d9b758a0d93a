import type { EntityManager } from 'typeorm';
import { PlatformError } from '../errors.js';
import type { EpochResult, SplitOutputs } from '../training/epoch-result.js';
import type { TrainingRun } from '../training/training-run.entity.js';
import { analyseSplit, measureSplit, type SplitAnalysis } from './analyse-split.js';
import { readHumanLabels } from './human-labels.js';
import type { FusionBounds } from './metrics/fusion.js';
import { attentionOf } from './opinion-labels.js';
import { SplitMetrics } from './split-metrics.entity.js';

/**
 * Computes an epoch's measures once: writes `split_metrics` of every split that has samples, and puts the run's `sample_analysis` in place of the
 * epoch's before, in the caller's transaction.
 * @throws PlatformError with code DIVERGED when the network gave a number that is not finite.
 */
export async function analyseEpoch(manager: EntityManager, run: TrainingRun, result: EpochResult): Promise<void> {
  const classes = await classNames(manager, run);
  await manager.query('DELETE FROM sample_analysis WHERE run_row = $1', [run.row]);
  for (const outputs of result.outputs) {
    if (outputs.sampleRows.length === 0) continue;
    checkFinite(outputs, result.number);
    const human = await readHumanLabels(manager, outputs.sampleRows);
    const fusion = { classDistributions: result.classDistributions, range: attentionRange(outputs), bounds: fusionBounds(run) };
    const analysis = analyseSplit(outputs, result.classes, fusion, human);
    await manager.getRepository(SplitMetrics).insert({ runRow: run.row, epoch: result.number, split: outputs.split, ...measureSplit(analysis, classes) });
    await insertSampleAnalyses(manager, run.row, result.number, outputs, analysis);
  }
}

export function fusionBounds(run: TrainingRun): FusionBounds {
  return { minimum: run.configuration.minimumFusionWeight, maximum: run.configuration.maximumFusionWeight };
}

async function classNames(manager: EntityManager, run: TrainingRun): Promise<string[]> {
  const rows: { classes: string[] }[] = await manager.query('SELECT classes FROM dataset WHERE "row" = $1', [run.datasetRow]);
  return rows[0]!.classes;
}

/** The numbers that `epoch.attention_ranges` keeps. */
function attentionRange(outputs: SplitOutputs): [number, number] {
  const w = Array.from(outputs.sampleRows, (_, n) => attentionOf(outputs, n));
  return w.reduce<[number, number]>(([lowest, highest], value) => [Math.min(lowest, value), Math.max(highest, value)], [Infinity, -Infinity]);
}

function checkFinite(outputs: SplitOutputs, epoch: number): void {
  const columns = { labelDistributions: outputs.labelDistributions, targetDistributions: outputs.targetDistributions, auxiliaryAttention: outputs.auxiliaryAttention, targetAttention: outputs.targetAttention };
  for (const [column, values] of Object.entries(columns)) {
    const wrong = values.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
    if (wrong === 0) continue;
    throw new PlatformError(
      'DIVERGED',
      `Epoch ${epoch}: ${wrong} of ${values.length} numbers in ${column} of split ${outputs.split} are not finite: training has diverged. A lower learning rate may help.`,
      { epoch, split: outputs.split, column, expected: 'finite numbers', found: wrong },
    );
  }
}

/** One statement for a split: arrays, one a column, unnested by the server. */
async function insertSampleAnalyses(manager: EntityManager, runRow: number, epoch: number, { split, sampleRows }: SplitOutputs, analysis: SplitAnalysis): Promise<void> {
  const { labels } = analysis;
  await manager.query(
    `INSERT INTO sample_analysis (run_row, epoch, split, sample_row, position, given_label, clean_label, votes_label, auxiliary_label, fused_label, target_label,
                                  entropy, margin, self_confidence, attention, fusion_weight, votes_kl_fused)
     SELECT $1, $2, $3::split, s.sample_row, s.place - 1, s.given_label, NULLIF(s.clean_label, -1), NULLIF(s.votes_label, -1), s.auxiliary_label, s.fused_label, s.target_label,
            s.entropy, s.margin, s.self_confidence, s.attention, s.fusion_weight, NULLIF(s.votes_kl_fused, 'NaN')
       FROM unnest($4::int[], $5::smallint[], $6::smallint[], $7::smallint[], $8::smallint[], $9::smallint[], $10::smallint[],
                   $11::real[], $12::real[], $13::real[], $14::real[], $15::real[], $16::real[]) WITH ORDINALITY
         AS s(sample_row, given_label, clean_label, votes_label, auxiliary_label, fused_label, target_label,
              entropy, margin, self_confidence, attention, fusion_weight, votes_kl_fused, place)`,
    [
      runRow,
      epoch,
      split,
      ...[
        sampleRows,
        labels.GIVEN,
        labels.CLEAN,
        labels.VOTES,
        labels.AUXILIARY,
        labels.FUSED,
        labels.TARGET,
        analysis.entropy,
        analysis.margin,
        analysis.selfConfidence,
        analysis.attention,
        analysis.fusionWeight,
        analysis.votesKl.fused,
      ].map(arrayLiteral),
    ],
  );
}

/** PostgreSQL's text of an array; several times faster than the driver's, which quotes every element. */
function arrayLiteral(values: Int32Array | Int16Array | Float64Array): string {
  return `{${values.join(',')}}`;
}
