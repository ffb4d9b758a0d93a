import { Field, Float, ObjectType } from 'type-graphql';
import { messageOf } from '../../errors.js';
import { nothing, type RoomTaken } from '../room-taken.js';
import type { Pile } from './pile.js';

@ObjectType({ description: 'Something that takes room on the disk or in the database, and what of it may go.' })
export class StoredPile {
  @Field(() => String, { description: 'Like `uploads`, `images` or `events of runs`.' })
  name!: string;

  @Field(() => String, { description: 'What of it is kept, and for how long.' })
  rule!: string;

  @Field(() => Float, { description: 'Files or rows.' })
  things!: number;

  @Field(() => Float, { description: 'Bytes of all of it.' })
  bytes!: number;

  @Field(() => Float, { description: 'Files or rows that went, or that would go now.' })
  goneThings!: number;

  @Field(() => Float, { description: 'Bytes that went, or that would go now.' })
  goneBytes!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Why it could not be looked at or tidied up; null where it was.',
  })
  trouble!: string | null;
}

const everyMilliseconds = 3_600_000;
/** Walking through a million files takes seconds: what was found is told again for this long. */
const freshMilliseconds = 60_000;

/** Takes away what nobody needs any more, when the platform starts and every hour. */
export class Janitor {
  private timer: NodeJS.Timeout | null = null;
  private working: Promise<unknown> = Promise.resolve();
  private looked: { at: number; piles: Promise<StoredPile[]> } | null = null;
  private stopped = false;

  constructor(
    private readonly piles: readonly Pile[],
    private readonly log: (line: string) => void = () => undefined,
  ) {}

  start(): void {
    void this.tidy(false).catch(() => undefined);
    this.timer = setInterval(() => void this.tidy(false).catch(() => undefined), everyMilliseconds);
    this.timer.unref();
  }

  /** Resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
    await this.working;
  }

  /** What takes the room now, and what would go. Found at most a minute ago. */
  look(): Promise<StoredPile[]> {
    if (!this.looked || performance.now() - this.looked.at > freshMilliseconds)
      this.looked = { at: performance.now(), piles: this.tidy(true) };
    return this.looked.piles;
  }

  /** One pile after the other; one that fails does not keep the others. @param dryRun nothing goes. */
  tidy(dryRun: boolean): Promise<StoredPile[]> {
    const work = this.working.then(() => this.all(dryRun));
    this.working = work.catch(() => undefined);
    if (!dryRun) this.looked = null;
    return work;
  }

  private async all(dryRun: boolean): Promise<StoredPile[]> {
    const told: StoredPile[] = [];
    for (const pile of this.piles) if (!this.stopped) told.push(await this.one(pile, dryRun));
    return told;
  }

  private async one(pile: Pile, dryRun: boolean): Promise<StoredPile> {
    const { name, rule } = pile;
    let trouble: string | null = null;
    const orNothing = (error: unknown): RoomTaken => {
      trouble = messageOf(error);
      if (!dryRun) this.log(`${name}: not tidied up: ${trouble}`);
      return nothing;
    };
    const gone = await pile.tidy(dryRun).catch(orNothing);
    const left = await pile.measure().catch(orNothing);
    if (!dryRun && gone.things > 0) this.log(`${name}: ${gone.things} went, ${gone.bytes} bytes`);
    return { name, rule, ...left, goneThings: gone.things, goneBytes: gone.bytes, trouble };
  }
}
