import type { OnnxBinding, OnnxSession } from './onnx-binding.js';
import { encodeModel, type OnnxGraph } from './onnx-protobuf.js';

/**
 * Sessions kept. One network trained and evaluated with two sizes of batch (a last, short one) takes some 200; a
 * session takes milliseconds to
 * build and holds work space of its own.
 */
const CAPACITY = 256;

/** One session a graph, by key; the one unused for longest goes first. */
export class SessionCache {
  private readonly sessions = new Map<string, OnnxSession>();

  constructor(
    private readonly binding: OnnxBinding,
    private readonly threads: number,
    private readonly capacity: number = CAPACITY,
  ) {}

  get size(): number {
    return this.sessions.size;
  }

  session(key: string, build: () => OnnxGraph): OnnxSession {
    const present = this.sessions.get(key);
    if (present !== undefined) {
      this.sessions.delete(key);
      this.sessions.set(key, present);
      return present;
    }
    const created = this.create(build());
    this.sessions.set(key, created);
    for (const [oldest, session] of this.sessions) {
      if (this.sessions.size <= this.capacity) break;
      this.sessions.delete(oldest);
      session.dispose();
    }
    return created;
  }

  dispose(): void {
    for (const session of this.sessions.values()) session.dispose();
    this.sessions.clear();
  }

  private create(graph: OnnxGraph): OnnxSession {
    const model = encodeModel(graph);
    const session = new this.binding.InferenceSession();
    session.loadModel(model.buffer, model.byteOffset, model.byteLength, {
      intraOpNumThreads: this.threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      // An arena a session would keep every session's work space, each cold when its turn comes: a step took a quarter
      // longer.
      enableCpuMemArena: false,
      enableMemPattern: true,
      logSeverityLevel: 3,
      // Threads that spin while they wait take the processor from the kernels between two sessions: 2 to 3 times
      // slower.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
    return session;
  }
}
