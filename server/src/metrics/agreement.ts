/** How far two raters of the same N samples agree, from `counts[i][j]`: one says i where the other says j, `[C][C]`. */
export interface Agreement {
  samples: number;
  /** Share of the samples on which they say the same, in [0, 1]; null without samples. */
  share: number | null;
  /** Cohen's kappa, in [-1, 1]: 0 is what chance gives. Null without samples, and where chance alone agrees always. */
  kappa: number | null;
}

/** https://doi.org/10.1177/001316446002000104: (p_o - p_e) / (1 - p_e). */
export function agreement(counts: readonly (readonly number[])[]): Agreement {
  const rows = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const columns = counts.map((_, k) => counts.reduce((sum, row) => sum + row[k], 0));
  const samples = rows.reduce((sum, count) => sum + count, 0);
  if (samples === 0) return { samples, share: null, kappa: null };
  const share = counts.reduce((sum, row, k) => sum + row[k], 0) / samples;
  const byChance = rows.reduce((sum, count, k) => sum + (count / samples) * (columns[k] / samples), 0);
  return { samples, share, kappa: byChance === 1 ? null : (share - byChance) / (1 - byChance) };
}
