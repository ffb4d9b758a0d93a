import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { bytesInMemory } from '../../../../server/src/models/checkpoints/byte-source.js';
import { readPytorchFile } from '../../../../server/src/models/checkpoints/pytorch/pytorch-file.js';
import type { TensorRef } from '../../../../server/src/models/checkpoints/pytorch/pickle-values.js';
import { pickle, stateDictPickle, storedZip, tensorPickle, text } from '../../../support/pickle-bytes.js';

const fixture = (name: string): Promise<Buffer> => readFile(`tests/fixtures/pytorch/${name}`);
const expected = JSON.parse((await fixture('expected.json')).toString()) as {
  numberTypes: Record<string, { shape: number[]; data: number[] }>;
};
const floats = Buffer.from(Float32Array.from([1, 2, 3, 4, 5, 6]).buffer);
const archive = (data: Buffer, storage = floats): Buffer => storedZip({ 'a/data.pkl': data, 'a/data/0': storage });
const read = (bytes: Buffer) => readPytorchFile(bytesInMemory(bytes));

async function readTensor(bytes: Buffer, name = 'w'): Promise<{ shape: number[]; data: Float32Array }> {
  const file = await read(bytes);
  return file.readTensor((file.value as Map<string, TensorRef>).get(name)!, name);
}

describe('a file that PyTorch wrote', () => {
  test.each(Object.keys(expected.numberTypes).filter((name) => name !== 'integers'))(
    'holds the tensor %s',
    async (name) => {
      const file = await read(await fixture('number-types.pth'));
      const tensors = (file.value as Map<string, Map<string, TensorRef>>).get('state_dict')!;
      const { shape, data } = await file.readTensor(tensors.get(name)!, name);
      const { shape: wanted, data: numbers } = expected.numberTypes[name]!;
      expect(shape).toEqual(wanted);
      expect(Array.from(data)).toEqual(numbers.map(Math.fround));
    },
  );

  test('refuses a tensor of integers by name', async () => {
    const file = await read(await fixture('number-types.pth'));
    const tensors = (file.value as Map<string, Map<string, TensorRef>>).get('state_dict')!;
    await expect(file.readTensor(tensors.get('integers')!, 'integers')).rejects.toThrow(
      'Tensor integers: expected float32, float64, float16 or bfloat16, found I64.',
    );
  });

  test('every cut of it is an error that says so, never a wrong tensor', async () => {
    const whole = await fixture('number-types.pth');
    for (let length = 0; length < whole.length; length += 97)
      await expect(read(whole.subarray(0, length)), `cut at ${length}`).rejects.toThrow(
        /truncated|Expected a file of PyTorch|no end record|ends/,
      );
  });

  test('every cut of one from before PyTorch 1.6 is an error', async () => {
    const whole = await fixture('resnet18-legacy.pth');
    const state = async (bytes: Buffer): Promise<unknown> => {
      const file = await read(bytes);
      const tensors = (file.value as Map<string, Map<string, TensorRef>>).get('state_dict')!;
      return file.readTensor(tensors.get('module.fc.bias')!, 'module.fc.bias');
    };
    expect(await state(whole)).toMatchObject({ shape: [5] });
    for (let length = 3; length < whole.length; length += 1501)
      await expect(state(whole.subarray(0, length)), `cut at ${length}`).rejects.toThrow(
        /truncated|expected|ends|none that torch/,
      );
  });

  test('may hold tensors on a part of a storage, as before PyTorch 0.4', async () => {
    const part = (view: [number, number], shape: number[]): Buffer =>
      archive(stateDictPickle('w', tensorPickle({ shape, stride: [1], offset: 1, view })));
    expect((await readTensor(part([2, 4], [3]))).data).toEqual(Float32Array.from([4, 5, 6]));
    await expect(readTensor(part([2, 4], [4]))).rejects.toThrow(/a tensor within its storage of 4 elements/);
    await expect(readTensor(part([3, 4], [1]))).rejects.toThrow(
      /a view within its storage of 6 elements, found 4 from 3/,
    );
  });

  test('a flipped bit of a storage is noticed', async () => {
    const spoilt = archive(stateDictPickle('w', tensorPickle({ shape: [2, 3], stride: [3, 1] })));
    expect((await readTensor(Buffer.from(spoilt))).data).toEqual(Float32Array.from([1, 2, 3, 4, 5, 6]));
    spoilt[spoilt.indexOf(floats) + 3]! ^= 1;
    await expect(readTensor(spoilt)).rejects.toThrow(/"a\/data\/0" is damaged: expected CRC-32 \w+, found \w+/);
  });
});

describe('a hostile pickle', () => {
  const unpickled = (...parts: (string | number | Buffer)[]) => read(archive(pickle('\x80\x02', ...parts)));

  test.each([
    ['a call of os.system', ['cposix\nsystem\n', '(', text('touch /tmp/owned'), 'tR.'], 'posix.system'],
    ['the same through STACK_GLOBAL', [text('os'), text('system'), '\x93)R.'], 'os.system'],
    ['eval', ['c__builtin__\neval\n', '(', text('1'), 'tR.'], '__builtin__.eval'],
    ['a name that only looks like a storage', ['ctorch\nhub\n', ')R.'], 'torch.hub'],
    ['a property of every object', ['ctorch\nconstructor\n', ')R.'], 'torch.constructor'],
    ['an object of a class', ['(cos\nsystem\n', 'o.'], 'os.system'],
    ['INST', ['(ios\nsystem\n', '.'], 'os.system'],
    ['NEWOBJ', ['c__main__\nRecorder\n', ')', 0x81, '.'], '__main__.Recorder'],
    ['NEWOBJ_EX', ['c__main__\nRecorder\n', ')}', 0x92, '.'], '__main__.Recorder'],
    ['an extension registry', [0x82, 1, ')R.'], 'copyreg.extension 1'],
    ['a call of a storage type', ['ctorch\nFloatStorage\n', ')R.'], 'torch.FloatStorage'],
    ['what a call would give, called', ['cbuiltins\ngetattr\n', ')R', ')R.'], 'builtins.getattr'],
    [
      'a class that copyreg would make',
      ['ccopy_reg\n_reconstructor\n', '(', 'c__main__\nRecorder\n', 'tR.'],
      '__main__.Recorder',
    ],
  ])('%s is only named, never made', async (_, parts, name) => {
    const { value, leftOut } = await unpickled(...(parts as (string | number | Buffer)[]));
    expect(value).toMatchObject({ kind: 'object', className: name });
    expect([...leftOut.keys()]).toEqual([name]);
  });

  test.each([
    ['a call of a value', [text('x'), ')R.'], /opcode REDUCE: expected a class or function, found a string/],
    ['a persistent id of something else', ['(', text('module'), 'tQ.'], /opcode BINPERSID: expected a persistent id/],
    [
      'a path as a storage key',
      ['(', text('storage'), 'ctorch\nFloatStorage\n', text('../../etc/passwd'), text('cpu'), 'K\x01', 'tQ.'],
      /storage key of letters and digits/,
    ],
    [
      'state for a tensor',
      [tensorPickle({ shape: [6], stride: [1] }), '}b.'],
      /opcode BUILD: expected the state of a dictionary/,
    ],
    ['a value that was never remembered', ['h\x07.'], /opcode BINGET: expected a remembered value 7/],
    ['nothing to take', ['0.'], /opcode POP: expected a value on the stack, found none/],
    ['a mark that is missing', ['t.'], /opcode TUPLE: expected a MARK/],
    ['items for a list', [']', '(', 'K\x01K\x02', 'u.'], /opcode SETITEMS: expected a dictionary/],
    ['a text longer than the file', ['X\xff\xff\xff\x7f', 'a.'], /opcode BINUNICODE: expected 2147483647 more bytes/],
    ['an integer of a gigabyte', ['\x8b\xff\xff\xff\x3f.'], /opcode LONG4: expected 1073741823 more bytes/],
    ['no STOP', ['}'], /opcode none: the pickle ends without STOP/],
    ['a later protocol', ['\x80\x09.'], /opcode PROTO: expected protocol 0 to 5, found 9/],
  ])('%s is refused, with opcode and offset', async (_, parts, message) => {
    await expect(unpickled(...(parts as (string | number | Buffer)[]))).rejects.toThrow(message);
  });

  test.each([
    ['dictionaries', ['}'.repeat(2_000_000), '.']],
    [
      'copies of a long list',
      [
        'NN\x86q\x050]q\x00(',
        'h\x05'.repeat(50_000),
        'e0',
        'ccollections\nOrderedDict\nq\x01',
        'h\x01h\x00\x85R0'.repeat(1000),
        'N.',
      ],
    ],
    [
      'copies of a long text',
      [
        text('x'.repeat(1_000_000)),
        'q\x000',
        'c_codecs\nencode\nq\x01',
        text('latin1'),
        'q\x02',
        'h\x01h\x00h\x02\x86R0'.repeat(500),
        'N.',
      ],
    ],
  ])('%s are counted as they are made', async (_, parts) => {
    await expect(unpickled(...(parts as (string | number | Buffer)[]))).rejects.toThrow(
      'expected a pickle that makes at most 8000000 values',
    );
  });

  test('a dictionary that contains itself is only a value', async () => {
    const file = await unpickled('}', 'q\x00', text('me'), 'h\x00', 's.');
    const value = file.value as Map<string, unknown>;
    expect(value.get('me')).toBe(value);
  });

  test('a list of lists, doubled a hundred times, costs nothing', async () => {
    const doubling = Array.from({ length: 100 }, () => pickle('q\x00', '0', '(', 'h\x00', 'h\x00', 't'));
    const file = await unpickled(')', ...doubling, '.');
    expect(file.value).toHaveLength(2);
  });
});

describe('a hostile tensor', () => {
  const state = (tensor: Parameters<typeof tensorPickle>[0], storage?: Buffer<ArrayBuffer>) =>
    readTensor(archive(stateDictPickle('w', tensorPickle(tensor)), storage));

  test.each([
    [
      'one element seen a billion times',
      { shape: [1000, 1000, 1000], stride: [0, 0, 0] },
      /expected a tensor within its storage of 6 elements, found shape \[1000,1000,1000\]/,
    ],
    ['an offset behind the storage', { shape: [6], stride: [1], offset: 1 }, /offset 1/],
    ['a negative side', { shape: [-1], stride: [1] }, /expected a size from 0 in the shape/],
    ['a stride too few', { shape: [2, 3], stride: [1] }, /as many strides as sides/],
    [
      'a storage that claims more than its entry',
      { shape: [2, 3], stride: [3, 1], elements: 1_000_000_000 },
      /a storage of 1000000000 F32 has 4000000000 bytes, the entry has 24/,
    ],
    ['a storage that is not there', { shape: [6], stride: [1], key: '7' }, /no entry a\/data\/7/],
    [
      'numbers of another size',
      { shape: [6], stride: [1], type: 'DoubleStorage' },
      /6 F64 has 48 bytes, the entry has 24/,
    ],
  ])('%s is refused', async (_, tensor, message) => {
    await expect(state(tensor)).rejects.toThrow(message);
  });
});

describe('a hostile archive', () => {
  const good = stateDictPickle('w', tensorPickle({ shape: [2, 3], stride: [3, 1] }));

  test.each([
    [
      'with compressed entries',
      storedZip({ 'a/data.pkl': good }, { method: 8 }),
      /"a\/data.pkl" is compressed \(method 8\)/,
    ],
    ['with sizes beyond its end', storedZip({ 'a/data.pkl': good }, { size: 50_000_000 }), /truncated or damaged/],
    [
      'with a pickle of gigabytes',
      storedZip({ 'a/data.pkl': good }, { size: 3_000_000_000 }),
      /claims 3000000000 bytes; at most/,
    ],
    ['without a pickle', storedZip({ 'a/other.txt': good }), /has no <name>\/data.pkl/],
    ['from a big-endian machine', storedZip({ 'a/data.pkl': good, 'a/byteorder': Buffer.from('big') }), /big-endian/],
    ['that is text', Buffer.from('<!doctype html><p>not found'), /Expected a file of PyTorch/],
  ])('%s is refused', async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toThrow(message);
  });

  test('whose directory names itself somewhere else is refused', async () => {
    const bytes = storedZip({ 'a/data.pkl': good });
    bytes.writeUInt32LE(4_000_000_000, bytes.length - 6);
    await expect(read(bytes)).rejects.toThrow(/ZIP directory: expected \d+ bytes from byte 4000000000/);
  });
});
