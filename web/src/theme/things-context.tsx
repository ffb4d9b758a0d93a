'use client';
import { createContext, useContext, type ReactNode } from 'react';
import { images, type Things, thingsOf } from './things';

const ThingsContext = createContext<Things>(images);

/** Below it words are those of a data set with these classes. */
export function WordsOf({
  classes,
  children,
}: {
  classes: readonly string[] | undefined;
  children: ReactNode;
}): ReactNode {
  return <ThingsContext.Provider value={thingsOf(classes)}>{children}</ThingsContext.Provider>;
}

/** What the pictures on this part of the page are called; images where it is of no one data set. */
export function useThings(): Things {
  return useContext(ThingsContext);
}
