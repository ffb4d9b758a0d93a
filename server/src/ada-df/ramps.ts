export interface Ramps {
  /** s_kl, in (0, 1]. */
  kullbackLeibler: number;
  /** s_ce, in (0, 1]. */
  crossEntropy: number;
}

/**
 * Until epoch beta the given labels lead and the divergence from q grows in; from then on the divergence leads and the
 * given labels fade.
 * @param epoch counted from 1.
 */
export function ramps(epoch: number, beta: number): Ramps {
  if (epoch <= beta) return { kullbackLeibler: Math.exp(-((1 - epoch / beta) ** 2)), crossEntropy: 1 };
  return { kullbackLeibler: 1, crossEntropy: Math.exp(-((1 - beta / epoch) ** 2)) };
}
