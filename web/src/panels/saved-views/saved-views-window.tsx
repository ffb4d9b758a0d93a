'use client';
import { useMutation, useQuery } from '@apollo/client/react';
import { Alert, Button, Modal, TextInput } from '@mantine/core';
import Link from 'next/link';
import { useState, type FormEvent, type ReactNode } from 'react';
import { DeleteViewDocument, SavedViewsDocument, SaveViewDocument } from '../../graphql/generated/graphql';
import { placeOfAddress } from '../../graphql/address';
import { Failure, Loading } from '../../theme/states';
import styles from './saved-views.module.css';
import { errorWords } from '../../theme/error-words';

/** Views with names: everybody on this server sees them. */
export default function SavedViewsWindow({ opened, close }: { opened: boolean; close: () => void }): ReactNode {
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Saved views"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
      trapFocus
    >
      <KeepThis />
      <Kept close={close} />
    </Modal>
  );
}

function KeepThis(): ReactNode {
  const [save, { loading, error }] = useMutation(SaveViewDocument, { refetchQueries: [SavedViewsDocument] });
  const [name, setName] = useState(() => document.title.replace(/ · Ada-DF$/, '').slice(0, 100));
  const [said, setSaid] = useState('');
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const path = placeOfAddress();
    const { data } = await save({ variables: { name: name.trim(), path, key: crypto.randomUUID() } }).catch(() => ({
      data: null,
    }));
    setSaid(data ? `“${data.saveView.name}” is kept.` : '');
  };
  return (
    <form onSubmit={(event) => void submit(event)} className={styles.keep}>
      <TextInput
        data-autofocus
        label="Keep what this page shows as"
        description="A name that is taken gets the new view."
        value={name}
        maxLength={100}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" loading={loading} disabled={name.trim() === ''}>
        Keep
      </Button>
      <p role="status" className="plot-note">
        {said}
      </p>
      {error && (
        <Alert color="red" role="alert">
          {errorWords(error)}
        </Alert>
      )}
    </form>
  );
}

function Kept({ close }: { close: () => void }): ReactNode {
  const { data, error, refetch } = useQuery(SavedViewsDocument, { fetchPolicy: 'cache-and-network' });
  const [remove, removal] = useMutation(DeleteViewDocument, { refetchQueries: [SavedViewsDocument] });
  if (error && !data) return <Failure error={error} retry={refetch} />;
  if (!data) return <Loading height={80} />;
  if (data.savedViews.length === 0) return <p className="plot-note">No view is kept yet.</p>;
  return (
    <ul className={styles.list} aria-label="Views that are kept">
      {data.savedViews.map(({ id, name, path }) => (
        <li key={id}>
          <Link href={path} onClick={close}>
            {name}
          </Link>
          <span className="cut" title={path}>
            {path}
          </span>
          <Button
            size="compact-xs"
            variant="subtle"
            color="red"
            aria-label={`Remove ${name}`}
            onClick={() => void remove({ variables: { view: id } }).catch(() => undefined)}
          >
            Remove
          </Button>
        </li>
      ))}
      {removal.error && <li role="alert">{errorWords(removal.error)}</li>}
    </ul>
  );
}
