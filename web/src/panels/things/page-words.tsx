'use client';
import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { ThingsOfDatasetDocument, ThingsOfRunDocument, ThingsOfSampleDocument } from '../../graphql/generated/graphql';
import { thingsOf } from '../../theme/things';
import { WordsOf } from '../../theme/things-context';

interface PageWordsProps {
  id: string;
  children: ReactNode;
}

/** The classes come with what the page asks for in any case: nothing is asked twice. */
const fetchPolicy = 'cache-only';

/** Words of a page about a run. */
export function RunWords({ id, children }: PageWordsProps): ReactNode {
  const { data } = useQuery(ThingsOfRunDocument, { variables: { id }, fetchPolicy });
  return <WordsOf things={thingsOf(data?.trainingRun?.dataset.classes)}>{children}</WordsOf>;
}

/** Words of a page about a sample. */
export function SampleWords({ id, children }: PageWordsProps): ReactNode {
  const { data } = useQuery(ThingsOfSampleDocument, { variables: { id }, fetchPolicy });
  return <WordsOf things={thingsOf(data?.sample?.dataset.classes)}>{children}</WordsOf>;
}

/** Words of a page about a data set. */
export function DatasetWords({ id, children }: PageWordsProps): ReactNode {
  const { data } = useQuery(ThingsOfDatasetDocument, { variables: { id }, fetchPolicy });
  return <WordsOf things={thingsOf(data?.dataset?.classes)}>{children}</WordsOf>;
}
