'use client';
import { useQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { serverPath } from '../../graphql/address';
import { ViewerDocument } from '../../graphql/generated/graphql';
import { Panel } from '../../theme/panel';
import { Failure, Loading } from '../../theme/states';

/** Who sits before the page, and the way out. */
export function ViewerPanel(): ReactNode {
  const { data, error, refetch } = useQuery(ViewerDocument);
  const viewer = data?.viewer;
  return (
    <Panel title="You">
      {error && <Failure error={error} retry={refetch} />}
      {!viewer && !error && <Loading height={40} />}
      {viewer && !viewer.known && (
        <p style={{ margin: 0 }}>
          This platform asks nobody who they are: whoever reaches it may do everything. It does so on this machine
          alone, unless it was started with <code>AUTH=none</code>. With <code>AUTH=token</code> it asks.
        </p>
      )}
      {viewer?.known && (
        <form method="post" action={serverPath('/sign-out')}>
          <p style={{ margin: '0 0 8px' }}>
            You are <b>{viewer.name}</b>, with the role <b>{viewer.role.toLowerCase()}</b>.
          </p>
          <Button type="submit" size="compact-sm" variant="default">
            Sign out
          </Button>
        </form>
      )}
    </Panel>
  );
}
