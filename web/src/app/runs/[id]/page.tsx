import type { ReactNode } from 'react';
import { ClassDistributionsPanel } from '../../../panels/class-distributions/class-distributions-panel';
import { ClassMetricsPanel, SplitMetricsPanel } from '../../../panels/class-metrics/class-metrics-panel';
import { ConfusionPanel } from '../../../panels/confusion/confusion-panel';
import { RunHealthPanel } from '../../../panels/run-health/run-health-panel';
import { RunSlicesPanel } from '../../../panels/run-slices/run-slices-panel';
import { RunComparisonPanel } from '../../../panels/run-comparison/run-comparison-panel';
import { RunConfigurationPanel } from '../../../panels/run-configuration/run-configuration-panel';
import { RunCurvesPanel } from '../../../panels/run-curves/run-curves-panel';
import { RunLogPanel } from '../../../panels/run-log/run-log-panel';
import { RunScalingPanel } from '../../../panels/run-scaling/run-scaling-panel';
import { RunResultsPanel } from '../../../panels/run-results/run-results-panel';
import { RunStatusPanel } from '../../../panels/run-status/run-status-panel';
import { RunAttentionPanel } from '../../../panels/run-trust/run-attention-panel';
import { RunCalibrationPanel } from '../../../panels/run-trust/run-calibration-panel';
import { RunStepsPanel } from '../../../panels/run-steps/run-steps-panel';
import { WhatIfPanel } from '../../../panels/what-if/what-if-panel';
import { Grid, Stack } from '../../../theme/panel';

export default async function RunPage({ params }: { params: Promise<{ id: string }> }): Promise<ReactNode> {
  const { id } = await params;
  return (
    <RunStatusPanel
      run={id}
      live={<RunStepsPanel run={id} />}
      analysis={
        <Grid>
          <RunHealthPanel run={id} />
          <RunCurvesPanel run={id} />
          <Stack span={7}>
            <RunResultsPanel run={id} />
            <RunComparisonPanel run={id} />
            <ConfusionPanel run={id} />
            <ClassMetricsPanel run={id} />
          </Stack>
          <Stack span={5}>
            <ClassDistributionsPanel run={id} />
            <SplitMetricsPanel run={id} />
            <RunSlicesPanel run={id} />
            <RunScalingPanel run={id} />
          </Stack>
          <RunAttentionPanel run={id} />
          <RunCalibrationPanel run={id} />
          <WhatIfPanel run={id} />
        </Grid>
      }
    >
      <div style={{ marginTop: 'var(--gap)' }}>
        <Grid>
          <RunConfigurationPanel run={id} />
          <RunLogPanel run={id} />
        </Grid>
      </div>
    </RunStatusPanel>
  );
}
