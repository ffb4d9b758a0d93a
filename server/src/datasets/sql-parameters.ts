/** Values of an SQL statement, in the order of their places. */
export class SqlParameters {
  readonly values: unknown[] = [];

  /** The place of a new value: `$3`. */
  place(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}
