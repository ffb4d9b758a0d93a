'use client';
import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { StoredPilesDocument, type StoredPilesQuery } from '../../graphql/generated/graphql';
import { bytes, integer, missing } from '../../theme/format';
import { Panel, Table } from '../../theme/panel';
import { Failure, Loading } from '../../theme/states';

type Pile = StoredPilesQuery['storedPiles'][number];

/** What takes the room of the data directory and the database, and what of it goes within the hour. */
export function StoredPilesPanel(): ReactNode {
  const { data, error, refetch } = useQuery(StoredPilesDocument, { fetchPolicy: 'cache-and-network' });
  const piles = data?.storedPiles;
  const going = (piles ?? []).reduce((sum, { goneBytes }) => sum + goneBytes, 0);
  return (
    <Panel
      title="Room taken"
      note={piles && (going === 0 ? 'nothing is to go' : `${bytes(going)} go within the hour`)}
      flush
    >
      {error && !piles && <Failure error={error} retry={refetch} />}
      {!piles && !error && <Loading height={160} />}
      {piles && (
        <Table label="Room taken">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col" data-number>
                Room
              </th>
              <th scope="col" data-number title="files or rows">
                Number
              </th>
              <th scope="col" data-number>
                To go
              </th>
              <th scope="col">Kept</th>
            </tr>
          </thead>
          <tbody>
            {piles.map((pile) => (
              <Row key={pile.name} pile={pile} />
            ))}
          </tbody>
        </Table>
      )}
    </Panel>
  );
}

function Row({ pile }: { pile: Pile }): ReactNode {
  return (
    <tr>
      <th scope="row">{pile.name}</th>
      <td data-number>{bytes(pile.bytes)}</td>
      <td data-number>{integer(pile.things)}</td>
      <td data-number title={`${integer(pile.goneThings)} files or rows`}>
        {pile.goneThings === 0 ? missing : bytes(pile.goneBytes)}
      </td>
      <td style={{ minWidth: '16rem' }}>{pile.trouble === null ? pile.rule : <b>Not tidied up: {pile.trouble}</b>}</td>
    </tr>
  );
}
