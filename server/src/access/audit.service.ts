import type { DataSource, SelectQueryBuilder } from 'typeorm';
import { checkFirst, decodeCursor, type Page, type PageArguments, pageOf } from '../graphql/pagination.js';
import { AuditEntry } from './audit-entry.entity.js';

export interface AuditFilter {
  actor?: string | null;
  subject?: string | null;
}

/** What its cursors belong to. */
const list = 'audit entries';

/** Rows that an export reads at once. */
const exportedAtOnce = 5000;

/** Reads what people did. Triggers of the database write it. */
export class AuditService {
  constructor(private readonly dataSource: DataSource) {}

  /** Newest first. @throws InvalidInputError */
  async page(filter: AuditFilter, page: PageArguments): Promise<Page<AuditEntry>> {
    checkFirst(page.first);
    const [before = null] = (decodeCursor(list, page.after, ['text']) ?? []) as string[];
    const rows = await this.before(filter, before)
      .take(page.first + 1)
      .getMany();
    return pageOf(
      list,
      rows,
      page,
      ({ row }) => [row],
      () => this.filtered(filter).getCount(),
    );
  }

  /** Every entry, newest first, a few thousand at a time. */
  async *all(): AsyncGenerator<AuditEntry[]> {
    let before: string | null = null;
    for (;;) {
      const entries: AuditEntry[] = await this.before({}, before).take(exportedAtOnce).getMany();
      if (entries.length === 0) return;
      yield entries;
      before = entries.at(-1)!.row;
    }
  }

  private before(filter: AuditFilter, row: string | null): SelectQueryBuilder<AuditEntry> {
    const query = this.filtered(filter).orderBy('entry.row', 'DESC');
    return row === null ? query : query.andWhere('entry.row < :row', { row: /^\d{1,18}$/.test(row) ? row : '0' });
  }

  private filtered({ actor, subject }: AuditFilter): SelectQueryBuilder<AuditEntry> {
    const query = this.dataSource.getRepository(AuditEntry).createQueryBuilder('entry');
    if (actor) query.andWhere('entry.actor = :actor', { actor });
    if (subject) query.andWhere('entry.subject = :subject', { subject });
    return query;
  }
}
