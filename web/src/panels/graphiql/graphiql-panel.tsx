'use client';
import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { Loading } from '../../theme/states';

// The editor needs the browser, and no other page needs the editor.
const Editor = dynamic(() => import('./graphiql-editor'), {
  ssr: false,
  loading: () => <Loading height={600} label="Loading the editor" />,
});

export function GraphiqlPanel(): ReactNode {
  return <Editor />;
}
