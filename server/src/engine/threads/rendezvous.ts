import { EnvironmentError } from '../../errors.js';

/** Memory in which two threads meet; give it to both. */
export interface RendezvousMemory {
  /** Int32: meetings that thread 0 and thread 1 have come to, and whether it is called off. */
  state: SharedArrayBuffer;
  /** Float32: for each of two alternating meetings what thread 0 and thread 1 brought. */
  values: SharedArrayBuffer;
}

const calledOff = 2;

/** A notification between the look and the wait would be missed: look again after this. */
const checkMilliseconds = 200;

/** The other thread does not come, or somebody called the meetings off. */
export class CalledOff extends EnvironmentError {
  constructor() {
    super('The other thread has ended.');
  }
}

/**
 * Two threads exchange numbers: each waits for the other, and both call `exchange` equally often with arrays of one
 * length.
 */
export class Rendezvous {
  private readonly state: Int32Array;
  private readonly values: Float32Array;
  private meetings = 0;

  /** @param me 0 or 1 */
  constructor(
    { state, values }: RendezvousMemory,
    private readonly me: 0 | 1,
  ) {
    this.state = new Int32Array(state);
    this.values = new Float32Array(values);
  }

  /** @param floats the longest array that will be exchanged. */
  static allocate(floats: number): RendezvousMemory {
    return { state: new SharedArrayBuffer(3 * 4), values: new SharedArrayBuffer(4 * floats * 4) };
  }

  /**
   * Wakes whoever waits, now and later, with an error. For a third thread that sees one of the two die, and for the one
   * that fails.
   */
  static callOff({ state }: RendezvousMemory): void {
    const flags = new Int32Array(state);
    Atomics.store(flags, calledOff, 1);
    for (const thread of [0, 1]) Atomics.notify(flags, thread);
  }

  /**
   * Blocks the thread until the other brings its own numbers. What is returned is a copy.
   * @throws CalledOff when the meeting is called off.
   */
  exchange(own: Float32Array): Float32Array {
    const room = this.values.length / 4;
    if (own.length > room) throw new RangeError(`Exchanged arrays hold at most ${room} numbers, found ${own.length}.`);
    const meeting = ++this.meetings;
    const place = (thread: number): number => ((meeting % 2) * 2 + thread) * room;
    this.values.set(own, place(this.me));
    Atomics.store(this.state, this.me, meeting);
    Atomics.notify(this.state, this.me);
    const other = 1 - this.me;
    for (let come = this.arrived(other); come < meeting; come = this.arrived(other))
      Atomics.wait(this.state, other, come, checkMilliseconds);
    return this.values.slice(place(other), place(other) + own.length);
  }

  private arrived(thread: number): number {
    if (Atomics.load(this.state, calledOff) !== 0) throw new CalledOff();
    return Atomics.load(this.state, thread);
  }
}
