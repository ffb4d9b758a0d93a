'use client';
import { createContext, useContext, type ReactNode } from 'react';
import { images, type Things } from './things';

const ThingsContext = createContext<Things>(images);

/** Below it words are those of a data set, or of several. */
export function WordsOf({ things, children }: { things: Things; children: ReactNode }): ReactNode {
  return <ThingsContext.Provider value={things}>{children}</ThingsContext.Provider>;
}

/** What the pictures on this part of the page are called; images where it is of no one data set. */
export function useThings(): Things {
  return useContext(ThingsContext);
}
