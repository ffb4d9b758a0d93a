'use client';
import 'graphiql/style.css';
import { useComputedColorScheme } from '@mantine/core';
import { GraphiQL } from 'graphiql';
import { useState, type ReactNode } from 'react';
import { defaultQuery } from './examples';
import { createFetcher } from './fetcher';
import styles from './graphiql.module.css';

export default function GraphiqlEditor(): ReactNode {
  const [fetcher] = useState(createFetcher);
  const scheme = useComputedColorScheme('light');
  return (
    <div className={styles.editor}>
      <GraphiQL
        fetcher={fetcher as never}
        defaultQuery={defaultQuery}
        forcedTheme={scheme}
        defaultEditorToolsVisibility="variables"
      />
    </div>
  );
}
