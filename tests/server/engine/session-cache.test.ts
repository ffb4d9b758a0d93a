import { describe, expect, it } from 'vitest';
import { loadOnnxBinding, type OnnxSession } from '../../../server/src/engine/onnx/onnx-binding.js';
import { GraphBuilder } from '../../../server/src/engine/onnx/graph-builder.js';
import type { OnnxGraph } from '../../../server/src/engine/onnx/onnx-protobuf.js';
import { inPlace, runInPlace } from '../../../server/src/engine/onnx/run-in-place.js';
import { SessionCache } from '../../../server/src/engine/onnx/session-cache.js';

/** y = x + x. */
function doubling(size: number): OnnxGraph {
  const graph = new GraphBuilder();
  const x = graph.input('x', [size]);
  graph.output('y', [size], graph.operation('Add', [x, x]));
  return graph.finish();
}

describe('sessions of onnxruntime', () => {
  it('compute what their graph says, into the buffer they are given', () => {
    const binding = loadOnnxBinding();
    const sessions = new SessionCache(binding, 1);
    const result = new Float32Array(4);
    const x = new binding.Tensor('float32', Float32Array.of(1, 2, 3, -4), [4]);
    sessions.session('four', () => doubling(4)).run({ x }, { y: new binding.Tensor('float32', result, [4]) }, {});
    expect([...result]).toEqual([2, 4, 6, -8]);
    sessions.dispose();
    expect(sessions.size).toBe(0);
  });

  it('compute in place without handing out a copy, and still say what is wrong', () => {
    const binding = loadOnnxBinding();
    const sessions = new SessionCache(binding, 1);
    const session = sessions.session('in place', () => inPlace(doubling(3)));
    const tensor = (values: Float32Array) => new binding.Tensor('float32', values, [values.length]);
    const result = new Float32Array(3);
    runInPlace(session, { x: tensor(Float32Array.of(1, 2, 3)) }, { y: tensor(result) });
    expect([...result]).toEqual([2, 4, 6]);
    expect(() => runInPlace(session, { x: tensor(new Float32Array(4)) }, { y: tensor(result) })).toThrow(/dimension/i);
    sessions.dispose();
  });

  it('are built once, and the one unused for longest is disposed of when there are too many', () => {
    const binding = loadOnnxBinding();
    const disposed: OnnxSession[] = [];
    class Watched {
      private readonly session: OnnxSession = new binding.InferenceSession();
      loadModel: OnnxSession['loadModel'] = (...args) => this.session.loadModel(...args);
      run: OnnxSession['run'] = (...args) => this.session.run(...args);
      dispose(): void {
        disposed.push(this as unknown as OnnxSession);
        this.session.dispose();
      }
    }
    const sessions = new SessionCache({ ...binding, InferenceSession: Watched as never }, 1, 2);
    const [a, b] = [sessions.session('a', () => doubling(2)), sessions.session('b', () => doubling(4))];
    expect(sessions.session('a', () => doubling(2))).toBe(a);
    sessions.session('c', () => doubling(6));
    expect(disposed).toEqual([b]);
    expect(sessions.size).toBe(2);
    expect(sessions.session('a', () => doubling(2))).toBe(a);
    sessions.dispose();
    expect(disposed).toHaveLength(3);
  });
});
