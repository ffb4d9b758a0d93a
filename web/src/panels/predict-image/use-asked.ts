'use client';
import { useMutation } from '@apollo/client/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { PredictImageDocument, type PredictImageMutation } from '../../graphql/generated/graphql';
import { uploadFile } from '../../graphql/upload';
import { errorWords } from '../../theme/error-words';

export type Answer = PredictImageMutation['predict'];

/** What is asked of every picture. */
export interface Asking {
  model: string;
  tenCrop: boolean;
  givenLabel: string | null;
}

/** A picture and what became of the question: never an old answer beside a new failure. */
export interface Asked {
  key: number;
  file: File;
  /** Of the browser, for this page alone. */
  picture: string;
  givenLabel: string | null;
  state: { kind: 'waiting' } | { kind: 'answered'; answer: Answer } | { kind: 'failed'; message: string };
}

/** Questions that are under way at once: the model answers one at a time, and a picture may travel meanwhile. */
const atOnce = 2;

/** Pictures that were asked about, and their answers as they come. */
export function useAsked() {
  const [asked, setAsked] = useState<readonly Asked[]>([]);
  const [predict] = useMutation(PredictImageDocument);
  const next = useRef(1);
  const queue = useRef<{ one: Asked; asking: Asking }[]>([]);
  const running = useRef(0);
  const round = useRef(0);
  const urls = useRef(new Set<string>());
  useEffect(() => () => urls.current.forEach((url) => URL.revokeObjectURL(url)), []);
  const work = useCallback((): void => {
    while (running.current < atOnce && queue.current.length > 0) {
      const { one, asking } = queue.current.shift()!;
      const mine = round.current;
      const settle = (state: Asked['state']): void => {
        running.current--;
        if (mine === round.current)
          setAsked((before) => before.map((other) => (other.key === one.key ? { ...other, state } : other)));
        work();
      };
      running.current++;
      const answer = async (): Promise<Answer | undefined> => {
        const input = { ...asking, upload: await uploadFile(one.file) };
        return (await predict({ variables: { input } })).data?.predict;
      };
      void stateOf(answer()).then(settle);
    }
  }, [predict]);
  const ask = useCallback(
    (files: readonly File[], asking: Asking): void => {
      const fresh = files.map((file): Asked => {
        const picture = URL.createObjectURL(file);
        urls.current.add(picture);
        return { key: next.current++, file, picture, givenLabel: asking.givenLabel, state: { kind: 'waiting' } };
      });
      queue.current.push(...fresh.map((one) => ({ one, asking })));
      setAsked((before) => [...fresh, ...before]);
      work();
    },
    [work],
  );
  /** Asks about the same pictures in another way. */
  const again = (asking: Asking): void => {
    round.current++;
    const fresh = asked.map((one): Asked => ({ ...one, givenLabel: asking.givenLabel, state: { kind: 'waiting' } }));
    queue.current = fresh.map((one) => ({ one, asking }));
    setAsked(fresh);
    work();
  };
  const clear = (): void => {
    round.current++;
    queue.current = [];
    setAsked([]);
  };
  return { asked, ask, again, clear };
}

async function stateOf(answer: Promise<Answer | undefined>): Promise<Asked['state']> {
  try {
    const given = await answer;
    return given ? { kind: 'answered', answer: given } : { kind: 'failed', message: 'The server gave no answer.' };
  } catch (error) {
    return { kind: 'failed', message: errorWords(error) };
  }
}
