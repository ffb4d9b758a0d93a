'use client';
import type { ReactNode } from 'react';
import { useUrlState } from '../../navigation/url-state';
import { useWrongValues } from '../../navigation/wrong-values';
import { WrongAddress } from '../../theme/states';
import styles from './wrong-address.module.css';

/** Values of the address that mean nothing on this page, and the way on without them. */
export function WrongAddressPanel(): ReactNode {
  const url = useUrlState();
  const wrong = useWrongValues().filter(({ name }) => url.get(name) !== null);
  if (wrong.length === 0) return null;
  return (
    <div className={styles.place} data-testid="wrong-address">
      <WrongAddress
        problems={wrong.map(({ problem }) => problem)}
        mend={() => url.set(Object.fromEntries(wrong.map(({ name }) => [name, null])))}
      />
    </div>
  );
}
