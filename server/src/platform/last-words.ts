/** A log line of an error. */
const loggedError = /^\d\d:\d\d:\d\d error +(.+)$/s;
/** The first line of a stack trace: `TypeError: it is`, `Error [ERR_X]: it is`. */
const thrownError = /^(?:\S+ )?(?:Uncaught )?([A-Za-z]*Error(?: \[\w+\])?: .+)$/;
/** Frames of a stack, the caret below a line of source, Node's version at the end. */
const unimportant = /^\s*(at\s|\^+\s*$|Node\.js v|$)/;

/** Why a process ended, from the lines it printed: the error it logged, else the one it threw, else its last line. */
export class LastWords {
  private logged: string | null = null;
  private thrown: string | null = null;
  private last: string | null = null;

  hear(line: string): void {
    if (unimportant.test(line)) return;
    this.logged = loggedError.exec(line)?.[1] ?? this.logged;
    this.thrown = thrownError.exec(line)?.[1] ?? this.thrown;
    this.last = line.trim();
  }

  /** Null where it said nothing. */
  cause(): string | null {
    return this.logged ?? this.thrown ?? this.last;
  }
}
