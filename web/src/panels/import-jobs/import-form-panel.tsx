'use client';
import { useMutation, useQuery } from '@apollo/client/react';
import {
  Alert,
  Button,
  FileInput,
  Group,
  NativeSelect,
  Progress,
  SegmentedControl,
  Switch,
  TextInput,
} from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import {
  ImportChoicesDocument,
  ImportDatasetDocument,
  ImportJobsDocument,
  type ImportChoicesQuery,
  type ImportDatasetInput,
} from '../../graphql/generated/graphql';
import { bytes } from '../../theme/format';
import { Panel } from '../../theme/panel';
import { Failure, Loading } from '../../theme/states';
import { FolderBrowser } from './folder-browser';
import { FolderFits } from './folder-fits';
import styles from './import-jobs.module.css';
import { generalOptions, ImportOptions } from './import-options';
import { useUpload } from './use-upload';
import { errorWords } from '../../theme/error-words';

type From = 'upload' | 'folder';

export function ImportFormPanel(): ReactNode {
  const { data, error, refetch } = useQuery(ImportChoicesDocument);
  return (
    <Panel title="Import a data set" span={5}>
      {error && !data ? (
        <Failure error={error} retry={refetch} />
      ) : !data ? (
        <Loading height={320} />
      ) : (
        <ImportForm choices={data} />
      )}
    </Panel>
  );
}

function ImportForm({ choices }: { choices: ImportChoicesQuery }): ReactNode {
  const [start, { loading }] = useMutation(ImportDatasetDocument, { refetchQueries: [ImportJobsDocument] });
  const [from, setFrom] = useState<From>(choices.importRoots.length > 0 ? 'folder' : 'upload');
  const [file, setFile] = useState<File | null>(null);
  const [directory, setDirectory] = useState('');
  const [format, setFormat] = useState('auto');
  const [name, setName] = useState('');
  const [copied, setCopied] = useState(false);
  const [options, setOptions] = useState<Record<string, string>>({});
  const { sent, send, stop } = useUpload();
  const [problem, setProblem] = useState<string | null>(null);
  const [dryRun, setDryRun] = useState(false);
  const importer = choices.importers.find((one) => one.format === format);
  const shownOptions = importer?.options ?? generalOptions(choices.importers);
  const tooLarge = file !== null && choices.uploadLimit != null && file.size > choices.uploadLimit;
  const ready = from === 'upload' ? file !== null && !tooLarge : directory.trim() !== '';

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setProblem(null);
    try {
      const what =
        from === 'upload'
          ? { upload: await send(file!) }
          : { directory: directory.trim(), images: copied ? ('COPIED' as const) : ('IN_PLACE' as const) };
      const given = shownOptions.flatMap((option) =>
        options[option.name] ? [{ name: option.name, value: options[option.name] }] : [],
      );
      const input: ImportDatasetInput = {
        ...what,
        format,
        options: given,
        ...(dryRun && { dryRun }),
        ...(name.trim() !== '' && { name: name.trim() }),
      };
      await start({ variables: { input } });
      setName('');
    } catch (error) {
      setProblem(errorWords(error));
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className={styles.form}>
      <SegmentedControl
        fullWidth
        aria-label="Where the data set is"
        value={from}
        onChange={(value) => setFrom(value as From)}
        data={[
          { value: 'upload', label: 'Upload an archive' },
          { value: 'folder', label: 'Folder of the server' },
        ]}
      />
      {from === 'upload' ? (
        <FileInput
          size="xs"
          label="Archive"
          description={`.zip, .tar.gz or .tar${choices.uploadLimit == null ? '' : `, at most ${bytes(choices.uploadLimit)}`}`}
          placeholder="Choose a file"
          value={file}
          onChange={setFile}
          accept=".zip,.tar,.tgz,.gz"
          clearable
          error={tooLarge ? `It has ${bytes(file.size)}.` : undefined}
          data-testid="archive"
        />
      ) : (
        <Folder roots={choices.importRoots} value={directory} onChange={setDirectory} />
      )}
      {from === 'folder' && <FolderFits directory={directory.trim()} onFound={setFormat} />}
      <NativeSelect
        label="Format"
        description={importer?.summary ?? 'found by what the data set holds'}
        value={format}
        onChange={(event) => setFormat(event.currentTarget.value)}
        data={[
          { value: 'auto', label: 'find it' },
          ...choices.importers.map((one) => ({ value: one.format, label: one.format })),
        ]}
      />
      <details className={styles.more} open={importer !== undefined || undefined} key={format}>
        <summary>
          {importer ? `Options of ${format}` : 'Names of columns and classes, where they are not found'}
        </summary>
        <ImportOptions
          options={shownOptions}
          values={options}
          onChange={(option, value) => setOptions((before) => ({ ...before, [option]: value }))}
        />
      </details>
      <TextInput
        label="Name"
        description="empty: that of the folder or file"
        value={name}
        maxLength={100}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {from === 'folder' && (
        <Switch
          label="Copy the images into the data directory"
          checked={copied}
          onChange={(event) => setCopied(event.currentTarget.checked)}
        />
      )}
      <Switch
        label="Only try: read everything, keep nothing"
        checked={dryRun}
        onChange={(event) => setDryRun(event.currentTarget.checked)}
      />
      {problem && (
        <Alert color="red" role="alert" className={styles.problem}>
          {problem}
        </Alert>
      )}
      {sent !== null && (
        <div className={styles.sending}>
          <Progress.Root size={10}>
            <Progress.Section value={sent * 100} animated aria-label="Uploaded" />
          </Progress.Root>
          <span className="numbers">
            {Math.round(sent * 100)} % of {bytes(file?.size ?? 0)} sent
          </span>
          <Button size="compact-xs" variant="light" color="gray" onClick={stop}>
            Stop
          </Button>
        </div>
      )}
      <Group justify="flex-end">
        <Button type="submit" size="sm" disabled={!ready || sent !== null} loading={loading} data-testid="import">
          Import
        </Button>
      </Group>
    </form>
  );
}

function Folder({
  roots,
  value,
  onChange,
}: {
  roots: ImportChoicesQuery['importRoots'];
  value: string;
  onChange: (value: string) => void;
}): ReactNode {
  if (roots.length === 0)
    return (
      <Alert color="gray">
        The server reads no folders. Start it with <code>IMPORT_ROOTS=/path/to/data-sets</code>, import from its command
        line, or upload an archive.
      </Alert>
    );
  return <FolderBrowser roots={roots} value={value} onChange={onChange} />;
}
