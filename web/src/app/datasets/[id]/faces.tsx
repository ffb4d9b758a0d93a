'use client';
import type { ReactNode } from 'react';
import { columnsFileUrl } from '../../../columns/columns-url';
import { ImageWallPanel } from '../../../panels/image-wall/image-wall-panel';
import { SampleSelectionPanel } from '../../../panels/sample-selection/sample-selection-panel';

/** Panels do not know each other: the page gives the wall what one can do with chosen faces. */
export function Faces({ dataset }: { dataset: string }): ReactNode {
  return (
    <ImageWallPanel
      dataset={dataset}
      actions={({ run, ...chosen }) => (
        <SampleSelectionPanel
          chosen={{
            ...chosen,
            file: run
              ? (list, format) => columnsFileUrl({ run: run.id, epoch: run.epoch, filter: { list } }, format)
              : undefined,
          }}
        />
      )}
    />
  );
}
