'use client';
import type { ReactNode } from 'react';
import { columnsFileUrl } from '../../columns/columns-url';
import { ExplorePanel } from '../../panels/explore/explore-panel';
import { SampleSelectionPanel } from '../../panels/sample-selection/sample-selection-panel';

/** Panels do not know each other: the page gives the explorer what one can do with chosen samples. */
export function ExplorePage(): ReactNode {
  return (
    <ExplorePanel
      actions={({ dataset, classes, ids, how, run, epoch }) => (
        <SampleSelectionPanel
          chosen={{
            dataset,
            classes,
            count: ids.length,
            ids: () => Promise.resolve(ids),
            how,
            file: (list, format) => columnsFileUrl({ run, epoch, filter: { list } }, format),
          }}
        />
      )}
    />
  );
}
