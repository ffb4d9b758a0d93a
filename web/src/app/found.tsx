import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { Missing, type MissingProps } from '../theme/states';

/** A page of something, or the words that it is not there: the server has looked, and answers 404 as well. */
export async function Found({ children, ...missing }: MissingProps & { children: ReactNode }): Promise<ReactNode> {
  return (await headers()).has('x-missing') ? <Missing {...missing} /> : children;
}
