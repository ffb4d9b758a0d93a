'use client';
import type { ReactNode } from 'react';
import { columnsFileUrl } from '../../../../columns/columns-url';
import { RunSamplesPanel } from '../../../../panels/run-samples/run-samples-panel';
import { SampleSelectionPanel } from '../../../../panels/sample-selection/sample-selection-panel';

/** Panels do not know each other: the page gives the list what one can do with chosen samples. */
export function Samples({ run }: { run: string }): ReactNode {
  return (
    <RunSamplesPanel
      run={run}
      actions={({ run: id, epoch, ...chosen }) => (
        <SampleSelectionPanel
          chosen={{
            ...chosen,
            file: (list, format) => columnsFileUrl({ run: id, epoch, filter: { list } }, format),
          }}
        />
      )}
    />
  );
}
