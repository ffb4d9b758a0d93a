'use client';
import { useQuery } from '@apollo/client/react';
import { Button, CopyButton } from '@mantine/core';
import { useSyncExternalStore, type ReactNode } from 'react';
import { RecordRunDatasetsDocument } from '../../graphql/generated/graphql';
import { Panel } from '../../theme/panel';

const never = (): (() => void) => () => undefined;

/** The lines that record somebody's own training loop. */
export function RecordRunPanel(): ReactNode {
  const { data } = useQuery(RecordRunDatasetsDocument);
  const here = useSyncExternalStore(
    never,
    () => window.location.origin,
    () => 'http://127.0.0.1:4500',
  );
  const dataset = data?.datasets.at(-1)?.name ?? 'my-data';
  const lines = [
    `run = adadf.start("${here}", "${dataset}", name="my run", config={"lr": 0.1})`,
    'run.log(epoch, "train", keys=keys, logits=logits)   # after every epoch, a batch or all at once',
    'run.finish()',
  ].join('\n');
  const whole = `# curl -O ${here}/python/adadf.py\nimport adadf\n\n${lines}\n`;
  return (
    <Panel
      title="Record a run trained elsewhere"
      note="PyTorch, scikit-learn, anything in Python"
      aside={
        <CopyButton value={whole}>
          {({ copied, copy }) => (
            <Button variant="default" size="sm" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      }
    >
      <pre style={{ margin: 0, overflowX: 'auto', fontSize: 13 }} tabIndex={0}>
        {lines}
      </pre>
      <p className="plot-note">
        <a href="/python/adadf.py" download>
          adadf.py
        </a>{' '}
        is one file. Keys are those of the data set, names of image files, or places in the order of import. Nothing
        stops your training: without a server the outputs wait in a folder.
      </p>
    </Panel>
  );
}
