import { Arg, Field, Int, ObjectType } from 'type-graphql';
import { checkFirst } from '../graphql/pagination.js';
import type { ImportReport, SkippedRow } from './import-report.js';

@ObjectType({ description: 'Why rows of the source were left out.' })
export class SkippedReason {
  @Field(() => String, { description: 'In words.' })
  reason!: string;

  @Field(() => Int, { description: 'Rows left out for it.' })
  rows!: number;
}

@ObjectType('SkippedRow', { description: 'A row of the source that was left out.' })
export class SkippedRowView {
  @Field(() => String, { description: 'The file it stands in, relative to the source.' })
  file!: string;

  @Field(() => Int, { nullable: true, description: 'Counted from 1, the header included; null for a whole file.' })
  line!: number | null;

  @Field(() => String, { nullable: true, description: 'The name the source gives it.' })
  key!: string | null;

  @Field(() => String, { description: 'Why it was left out, in words.' })
  reason!: string;
}

@ObjectType({ description: 'A choice made at import that shaped the result, e.g. the rule that turns votes into a label.' })
export class ImportChoice {
  @Field(() => String, { description: 'The option of the importer.' })
  name!: string;

  @Field(() => String, { description: 'What was chosen.' })
  value!: string;
}

/** The public face of an `ImportReport`. */
@ObjectType('ImportReport', { description: 'What an import did: how much it took, what it left out and why.' })
export class ImportReportView {
  constructor(private readonly report: ImportReport) {}

  @Field(() => String, { description: 'Directory or generator that was read, as the user named it.' })
  get source(): string {
    return this.report.source;
  }

  @Field(() => Int, { description: 'Samples taken.' })
  get imported(): number {
    return this.report.imported;
  }

  @Field(() => Int, { description: 'Rows of the source that were left out.' })
  get skipped(): number {
    return this.report.skipped;
  }

  @Field(() => [SkippedReason], { description: 'Most frequent first.' })
  get skippedByReason(): SkippedReason[] {
    const reasons = Object.entries(this.report.skippedByReason).map(([reason, rows]) => ({ reason, rows }));
    return reasons.sort((a, b) => b.rows - a.rows || (a.reason < b.reason ? -1 : 1));
  }

  @Field(() => [SkippedRowView], { description: 'The first rows left out, in the order of the source. Of each reason only the first hundred are kept.' })
  skippedRows(@Arg('first', () => Int, { defaultValue: 100 }) first: number): SkippedRow[] {
    return this.report.skippedRows.slice(0, checkFirst(first));
  }

  @Field(() => [ImportChoice], { description: 'Choices that shaped the result.' })
  get choices(): ImportChoice[] {
    return Object.entries(this.report.choices).map(([name, value]) => ({ name, value }));
  }
}
