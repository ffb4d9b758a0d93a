import type { DataSource } from 'typeorm';
import type { RoomTaken } from '../room-taken.js';
import type { Pile } from './pile.js';

/** Rows of one table, of which old ones go. */
export interface RowPileOptions {
  name: string;
  rule: string;
  table: string;
  /** Whose size is told, where rows of another table go with these. */
  sized?: string;
  /** SQL condition of the rows that may go; `$1` is `milliseconds` ago, if it is used. */
  old: string;
  milliseconds: number;
}

/** Rows that are deleted in one statement: others wait for a short time only. */
const atOnce = 5_000;

export class RowPile implements Pile {
  readonly name: string;
  readonly rule: string;

  constructor(
    private readonly dataSource: DataSource,
    private readonly options: RowPileOptions,
  ) {
    ({ name: this.name, rule: this.rule } = options);
  }

  async measure(): Promise<RoomTaken> {
    const { table, sized = table } = this.options;
    const [found] = (await this.dataSource.query(
      `SELECT (SELECT count(*) FROM "${sized}")::float8 AS things, pg_total_relation_size($1)::float8 AS bytes`,
      [`"${sized}"`],
    )) as [RoomTaken];
    return found;
  }

  async tidy(dryRun: boolean): Promise<RoomTaken> {
    const { table, old } = this.options;
    const before = new Date(Date.now() - this.options.milliseconds);
    const [{ things }] = (await this.dataSource.query(
      `SELECT count(*)::float8 AS things FROM "${table}" t WHERE ${old}`,
      [before],
    )) as [{ things: number }];
    const all = await this.measure();
    const bytes = all.things === 0 ? 0 : Math.round((all.bytes * things) / all.things);
    if (!dryRun)
      for (let deleted = atOnce; deleted === atOnce;) {
        const [, count] = (await this.dataSource.query(
          `DELETE FROM "${table}" WHERE ctid = ANY(ARRAY(SELECT t.ctid FROM "${table}" t WHERE ${old} LIMIT ${atOnce}))`,
          [before],
        )) as [unknown, number];
        deleted = count;
      }
    return { things, bytes };
  }
}
