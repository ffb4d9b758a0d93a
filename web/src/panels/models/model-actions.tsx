'use client';
import { useMutation } from '@apollo/client/react';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { ArchiveModelDocument, RestoreModelDocument, RollBackModelDocument } from '../../graphql/generated/graphql';
import { ConfirmButton } from './confirm-button';
import { DeleteModel } from './delete-model';
import type { ModelRow } from './model-row';
import { PromoteModel } from './promote-model';
import styles from './models.module.css';
import { errorWords } from '../../theme/error-words';

export interface Reports {
  changed: () => void;
  failed: (message: string) => void;
}

export function FamilyActions({ family, changed, failed }: { family: string } & Reports): ReactNode {
  const [rollBack, { loading }] = useMutation(RollBackModelDocument);
  const go = (): void =>
    void rollBack({ variables: { family } }).then(changed, (error: unknown) => failed(errorWords(error)));
  return (
    <div className={styles.actions}>
      <ConfirmButton
        label="Roll back …"
        sure={`Put the version before it into production again`}
        loading={loading}
        onSure={go}
      />
    </div>
  );
}

/** What its stage allows. `production`: the version of its family that is in production. */
export function ModelActions(props: { model: ModelRow; production: ModelRow | null } & Reports): ReactNode {
  const { model, production, changed, failed } = props;
  const [archive, archiving] = useMutation(ArchiveModelDocument);
  const [restore, restoring] = useMutation(RestoreModelDocument);
  const act = (work: Promise<unknown>): void => void work.then(changed, (error: unknown) => failed(errorWords(error)));
  const variables = { model: model.id };
  const canPredict = model.kind === 'ADA_DF' && model.checkpoints.length > 0;
  return (
    <div className={styles.actions}>
      {model.stage !== 'PRODUCTION' && canPredict && (
        <PromoteModel model={model} production={production} promoted={changed} />
      )}
      {model.stage === 'ARCHIVED' ? (
        <Button variant="default" loading={restoring.loading} onClick={() => act(restore({ variables }))}>
          Restore
        </Button>
      ) : (
        <ConfirmButton
          label="Archive …"
          sure={model.stage === 'PRODUCTION' ? 'Archive it; nothing is in production then' : 'Archive it'}
          loading={archiving.loading}
          onSure={() => act(archive({ variables }))}
        />
      )}
      {model.stage !== 'PRODUCTION' && <DeleteModel model={model} deleted={changed} />}
    </div>
  );
}
