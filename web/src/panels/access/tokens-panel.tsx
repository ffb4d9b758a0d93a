'use client';
import { useMutation, useQuery } from '@apollo/client/react';
import { Alert, Button, Group, NumberInput, Select, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import {
  AccessTokensDocument,
  type AccessTokensQuery,
  CreateAccessTokenDocument,
  RevokeAccessTokenDocument,
  type Role,
} from '../../graphql/generated/graphql';
import { dateTime, missing } from '../../theme/format';
import { Panel, Table } from '../../theme/panel';
import { Failure, Loading } from '../../theme/states';
import { errorWords } from '../../theme/error-words';

/** From the least to the most. */
const roles: readonly Role[] = ['READER', 'LABELLER', 'TRAINER', 'ADMIN'];

type Token = AccessTokensQuery['accessTokens'][number];

/** Who else may come in: made here, shown once, taken back here. */
export function TokensPanel(): ReactNode {
  const { data, error, refetch } = useQuery(AccessTokensDocument, { fetchPolicy: 'cache-and-network' });
  const tokens = data?.accessTokens;
  return (
    <Panel title="Tokens" note={tokens && `${tokens.filter(isValid).length} of ${tokens.length} let somebody in`}>
      <NewToken made={() => void refetch()} />
      {error && !tokens && <Failure error={error} retry={refetch} />}
      {!tokens && !error && <Loading height={80} />}
      {tokens && tokens.length > 0 && <TokenTable tokens={tokens} changed={() => void refetch()} />}
      {tokens?.length === 0 && <p style={{ margin: 0 }}>No token was made yet.</p>}
    </Panel>
  );
}

function isValid({ revokedAt, expiresAt }: Token): boolean {
  return revokedAt === null && (expiresAt === null || new Date(expiresAt) > new Date());
}

function NewToken({ made }: { made: () => void }): ReactNode {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('READER');
  const [days, setDays] = useState<number | string>('');
  const [secret, setSecret] = useState<string | null>(null);
  const [create, { loading, error }] = useMutation(CreateAccessTokenDocument);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const { data } = await create({ variables: { name, role, days: days === '' ? null : Number(days) } });
    if (!data) return;
    setSecret(data.createAccessToken.secret);
    setName('');
    made();
  };
  return (
    <form onSubmit={(event) => void submit(event).catch(() => undefined)} style={{ marginBottom: 16 }}>
      <Group align="end" gap="sm">
        <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} required />
        <Select
          label="Role"
          size="xs"
          data={roles.map((value) => ({ value, label: value.toLowerCase() }))}
          value={role}
          allowDeselect={false}
          onChange={(value) => setRole((value as Role | null) ?? 'READER')}
        />
        <NumberInput
          label="Expires after days"
          value={days}
          onChange={setDays}
          min={1}
          max={3650}
          placeholder="never"
        />
        <Button type="submit" loading={loading}>
          Make a token
        </Button>
      </Group>
      {error && (
        <Alert color="red" role="alert" mt="sm">
          {errorWords(error)}
        </Alert>
      )}
      {secret && (
        <Alert color="teal" role="status" mt="sm" title="Copy it now: it is not shown again.">
          <code style={{ overflowWrap: 'anywhere' }}>{secret}</code>
        </Alert>
      )}
    </form>
  );
}

function TokenTable({ tokens, changed }: { tokens: readonly Token[]; changed: () => void }): ReactNode {
  return (
    <Table label="Tokens">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Role</th>
          <th scope="col">Made</th>
          <th scope="col">Last used</th>
          <th scope="col">Until</th>
          <th scope="col">
            <span aria-hidden="true" />
          </th>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <tr key={token.id}>
            <th scope="row">{token.name}</th>
            <td>{token.role.toLowerCase()}</td>
            <td title={`by ${token.createdBy}`}>{dateTime(token.createdAt)}</td>
            <td>{token.lastUsedAt ? dateTime(token.lastUsedAt) : missing}</td>
            <td>{token.revokedAt ? `revoked ${dateTime(token.revokedAt)}` : until(token)}</td>
            <td>{isValid(token) && <Revoke token={token} changed={changed} />}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function until(token: Token): string {
  if (token.expiresAt === null) return 'it is revoked';
  return `${isValid(token) ? '' : 'expired '}${dateTime(token.expiresAt)}`;
}

/** Asks once more: it ends what somebody is doing. */
function Revoke({ token, changed }: { token: Token; changed: () => void }): ReactNode {
  const [sure, setSure] = useState(false);
  const [revoke, { loading }] = useMutation(RevokeAccessTokenDocument, { variables: { token: token.id } });
  const act = (): void => {
    if (sure) void revoke().then(changed, changed);
    else setSure(true);
  };
  return (
    <Button size="compact-xs" variant={sure ? 'filled' : 'default'} color="red" loading={loading} onClick={act}>
      {sure ? 'Revoke for good' : 'Revoke'}
    </Button>
  );
}
