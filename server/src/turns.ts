/** Lets work go on beside other work as long as the sum of its weights stays within a limit; the rest waits in order. */
export class Turns {
  private held = 0;
  private readonly waiting: { weight: number; begin: () => void }[] = [];

  constructor(private readonly most: number) {}

  /** @param weight what is heavier than the limit goes alone. */
  async take<T>(weight: number, work: () => Promise<T>): Promise<T> {
    const needed = Math.min(Math.max(weight, 0), this.most);
    if (this.waiting.length > 0 || this.held + needed > this.most)
      await new Promise<void>((begin) => this.waiting.push({ weight: needed, begin }));
    else this.held += needed;
    try {
      return await work();
    } finally {
      this.held -= needed;
      while (this.waiting.length > 0 && this.held + this.waiting[0].weight <= this.most) {
        const next = this.waiting.shift()!;
        this.held += next.weight;
        next.begin();
      }
    }
  }
}
