import { Arg, Field, Int, ObjectType } from 'type-graphql';
import { checkFirst } from '../../graphql/pagination.js';
import { DuplicateReportView } from './duplicate-report-view.js';
import { SplitSummary } from '../split-summary.js';
import { type ImportReport, type SkippedRow, unreadableReason } from './import-report.js';

@ObjectType({ description: 'Why rows of the source were left out.' })
export class SkippedReason {
  @Field(() => String, { description: 'In words.' })
  reason!: string;

  @Field(() => Int, { description: 'Rows left out for it.' })
  rows!: number;
}

@ObjectType('SkippedRow', { description: 'A row of the source that was left out.' })
class SkippedRowView {
  @Field(() => String, { description: 'The file it stands in, relative to the source.' })
  file!: string;

  @Field(() => Int, { nullable: true, description: 'Counted from 1, the header included; null for a whole file.' })
  line!: number | null;

  @Field(() => String, { nullable: true, description: 'The name the source gives it.' })
  key!: string | null;

  @Field(() => String, { description: 'Why it was left out, in words.' })
  reason!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What was found in this row, where the reason alone does not say.',
  })
  detail?: string | null;
}

@ObjectType({
  description: 'A choice made at import that shaped the result, e.g. the rule that turns votes into a label.',
})
export class ImportChoice {
  @Field(() => String, { description: 'The option of the importer.' })
  name!: string;

  @Field(() => String, { description: 'What was chosen.' })
  value!: string;
}

@ObjectType({ description: 'Votes of raters that came with the samples.' })
export class ImportedVotes {
  @Field(() => Int, { description: 'Samples with votes.' })
  samples!: number;

  @Field(() => Int, { description: 'Fewest votes of a sample, those for no class included.' })
  fewest!: number;

  @Field(() => Int, { description: 'Most votes of a sample.' })
  most!: number;
}

@ObjectType({ description: 'Who is shown, where the source says.' })
export class ImportedSubjects {
  @Field(() => Int, { description: 'Samples with a subject.' })
  samples!: number;

  @Field(() => Int, { description: 'Different subjects.' })
  different!: number;

  @Field(() => Int, {
    description: 'Subjects with samples in more than one split: what is learned of one in training helps in the test.',
  })
  inSeveralSplits!: number;
}

@ObjectType({ description: 'What came with the samples beside their given labels.' })
export class ImportContentsView {
  @Field(() => ImportedVotes, { nullable: true, description: 'Null without votes.' })
  votes!: ImportedVotes | null;

  @Field(() => Int, { description: 'Samples with a published or true distribution.' })
  trueDistributions!: number;

  @Field(() => Int, { description: 'Samples with a clean label.' })
  cleanLabels!: number;

  @Field(() => ImportedSubjects, { nullable: true, description: 'Null where no subject is known.' })
  subjects!: ImportedSubjects | null;
}

/** The public face of an `ImportReport`. */
@ObjectType('ImportReport', { description: 'What an import did: how much it took, what it left out and why.' })
export class ImportReportView {
  constructor(
    private readonly report: ImportReport,
    private readonly classes: readonly string[],
  ) {}

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

  @Field(() => [SkippedRowView], {
    description: 'The first rows left out, in the order of the source. Of each reason only the first hundred are kept.',
  })
  skippedRows(@Arg('first', () => Int, { defaultValue: 100 }) first: number): SkippedRow[] {
    return this.report.skippedRows.slice(0, checkFirst(first));
  }

  @Field(() => [ImportChoice], { description: 'Choices that shaped the result.' })
  get choices(): ImportChoice[] {
    return Object.entries(this.report.choices).map(([name, value]) => ({ name, value }));
  }

  @Field(() => Int, { description: 'Rows left out because their image is broken, missing or no image.' })
  get unreadableImages(): number {
    return this.report.skippedByReason[unreadableReason] ?? 0;
  }

  @Field(() => [String], {
    description: 'What a person should know of what was taken: what was assumed, what is missing.',
  })
  get notes(): readonly string[] {
    return this.report.notes ?? [];
  }

  @Field(() => [SplitSummary], {
    description: 'How many samples each split and class got; empty for imports from before it was counted.',
  })
  get splits(): SplitSummary[] {
    const counts = this.report.contents?.classCounts ?? [];
    return counts.map(({ split, counts: classCounts }) => ({
      split,
      samples: classCounts.reduce((sum, count) => sum + count, 0),
      classCounts,
    }));
  }

  @Field(() => [String], { name: 'classes', description: 'Of the samples, in the order of `classCounts`.' })
  get classNames(): readonly string[] {
    return this.report.classes ?? this.classes;
  }

  @Field(() => ImportContentsView, { nullable: true, description: 'Null for imports from before it was counted.' })
  get contents(): ImportContentsView | null {
    return this.report.contents ?? null;
  }

  @Field(() => DuplicateReportView, {
    nullable: true,
    description: 'Samples with equal pixels; null for imports from before they were compared.',
  })
  get duplicates(): DuplicateReportView | null {
    return this.report.duplicates ? new DuplicateReportView(this.report.duplicates, this.classes) : null;
  }
}
