import { RunStateBadge } from '../../plots/run-state';
import type { Column } from '../../theme/data-table';
import { dateTime, enumName, missing, percent } from '../../theme/format';
import type { ModelRow } from './model-row';
import styles from './models.module.css';

export function versionOf({ family, version }: Pick<ModelRow, 'family' | 'version'>): string {
  return `${family} v${version}`;
}

/** `ResNet-18 ×16, 48 px`. */
export function networkOf({ backbone, width, imageSize, kind }: ModelRow): string {
  return `${kind === 'BACKBONE' ? 'backbone ' : ''}${enumName(backbone)} ×${width}, ${imageSize} px`;
}

type Split = 'VALIDATION' | 'TEST';

/** Of the newest epoch of its run, else of its newest evaluation; null where it was not measured. */
export function accuracyOf({ run, evaluations }: ModelRow, split: Split): number | null {
  const epochs = run ? [run.epoch] : evaluations.map(({ record }) => record.epoch);
  const epoch = epochs.find((one) => one != null);
  return epoch?.metrics.find((one) => one.split === split)?.accuracy ?? null;
}

/** Short cells, so that a hundred versions are looked over; the rest is in the details. */
export function modelColumns(choose: (id: string) => void, chosen: string | null): Column<ModelRow>[] {
  const accuracy = (key: string, name: string, split: Split): Column<ModelRow> => ({
    key,
    name,
    number: true,
    cell: (model) => percent(accuracyOf(model, split)),
    value: (model) => accuracyOf(model, split),
  });
  return [
    {
      key: 'version',
      name: 'Version',
      fixed: true,
      cell: (model) => (
        <button
          type="button"
          className={styles.version}
          aria-expanded={model.id === chosen}
          data-testid={`model-${model.id}`}
          onClick={() => choose(model.id)}
        >
          {versionOf(model)}
        </button>
      ),
      value: versionOf,
    },
    {
      key: 'stage',
      name: 'Stage',
      cell: ({ stage }) => (
        <span className={styles.stage} data-stage={stage}>
          {enumName(stage)}
        </span>
      ),
      value: ({ stage }) => stage,
    },
    { key: 'network', name: 'Network', cell: networkOf, value: networkOf },
    {
      key: 'run',
      name: 'Run',
      cell: ({ run }) =>
        run ? (
          <>
            {run.name} {run.state !== 'COMPLETED' && <RunStateBadge state={run.state} />}
          </>
        ) : (
          'imported'
        ),
      value: ({ run }) => run?.name ?? null,
    },
    accuracy('validation', 'Validation', 'VALIDATION'),
    accuracy('test', 'Test', 'TEST'),
    {
      key: 'created',
      name: 'Created',
      cell: ({ createdAt }) => <span className="numbers">{createdAt ? dateTime(createdAt) : missing}</span>,
      value: ({ createdAt }) => createdAt,
    },
  ];
}
