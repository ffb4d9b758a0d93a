/** What one operation may ask for. The same by HTTP, WebSocket and event stream. */
export interface Limits {
  /** Names, punctuation and values of an operation's text. */
  tokens: number;
  /**
   * Fields within fields, fragments spread out; the fields of the schema's own description (`__schema`) are not
   * counted.
   */
  depth: number;
  /** Fields with another name than their own. */
  aliases: number;
  /** Fields that an answer can hold, `first` times what stands below a page; see `cost.ts`. */
  cost: number;
  /**
   * Milliseconds until a query or mutation is given up and its SQL cancelled. Subscriptions last as long as they are
   * wanted.
   */
  timeout: number;
  /** Whether the schema may be asked for: GraphiQL and code generators do. */
  introspection: boolean;
}

/** GraphiQL's introspection has some 400 tokens, the dashboard's largest query is 7 fields deep and costs 40,000. */
export const defaultLimits: Limits = {
  tokens: 10_000,
  depth: 15,
  aliases: 100,
  cost: 500_000,
  timeout: 30_000,
  introspection: true,
};
