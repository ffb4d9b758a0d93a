import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { CalledOff, Rendezvous } from '../../../server/src/engine/threads/rendezvous.js';

/** A thread that comes to every meeting with the sum of what it got so far, written without the class under test. */
const OTHER = `
  const { workerData: { state, values, meetings, room } } = require('node:worker_threads');
  const flags = new Int32Array(state), floats = new Float32Array(values);
  let own = [1, 2, 3];
  for (let meeting = 1; meeting <= meetings; meeting++) {
    floats.set(own, ((meeting % 2) * 2 + 1) * room);
    Atomics.store(flags, 1, meeting);
    Atomics.notify(flags, 1);
    while (Atomics.load(flags, 0) < meeting) Atomics.wait(flags, 0, Atomics.load(flags, 0), 100);
    const got = floats.slice((meeting % 2) * 2 * room, (meeting % 2) * 2 * room + 3);
    own = own.map((value, index) => value + got[index]);
  }
`;

describe('two threads that meet', () => {
  it('exchange what they brought, meeting after meeting', async () => {
    const memory = Rendezvous.allocate(5);
    const meetings = 500;
    const worker = new Worker(OTHER, { eval: true, workerData: { ...memory, meetings, room: 5 } });
    const me = new Rendezvous(memory, 0);
    let last = new Float32Array(3);
    for (let meeting = 0; meeting < meetings; meeting++)
      last = Float32Array.from(me.exchange(Float32Array.of(1, 1, meeting % 2)));
    expect([...last]).toEqual([meetings, meetings + 1, 3 + 249]);
    await worker.terminate();
  });

  it('do not wait once the meeting is called off', () => {
    const memory = Rendezvous.allocate(1);
    Rendezvous.callOff(memory);
    expect(() => new Rendezvous(memory, 1).exchange(Float32Array.of(1))).toThrow(CalledOff);
  });

  it('refuse more numbers than there is room for', () => {
    expect(() => new Rendezvous(Rendezvous.allocate(2), 0).exchange(new Float32Array(3))).toThrow(
      'Exchanged arrays hold at most 2 numbers, found 3.',
    );
  });
});
