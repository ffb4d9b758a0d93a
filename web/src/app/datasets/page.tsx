import type { ReactNode } from 'react';
import { DatasetCardsPanel } from '../../panels/dataset-cards/dataset-cards-panel';
import { DrawFacesPanel } from '../../panels/draw-faces/draw-faces-panel';
import { PageHead } from '../../theme/panel';

export default function DatasetsPage(): ReactNode {
  return (
    <>
      <PageHead crumbs={[{ label: 'Data' }]} title="Data sets" aside={<DrawFacesPanel />} />
      <DatasetCardsPanel />
    </>
  );
}
