import { messageOf } from '../../../errors.js';
import { PickleError } from './pickle-error.js';
import { build, findGlobal, type Global, isGlobal, type PickleValue, storageOf } from './pickle-globals.js';

/**
 * Reads pickles (Python's `Lib/pickletools.py` lists the opcodes) of protocols 0 to 5 without running anything: values
 * are built by the opcodes
 * below, and the only things a file may name are those of `pickle-globals.ts`. Tuples are frozen arrays, dictionaries
 * are maps.
 */
export interface Unpickled {
  value: PickleValue;
  /** Of the byte after STOP. */
  end: number;
}

interface Opcode {
  name: string;
  run(machine: Machine): void;
}

const stop = 0x2e;
/** A state dict of ResNet-50 with its optimiser takes some 20,000 of each. */
const mostValues = 2_000_000;
/** Digits of a LONG that is still worth reading. */
const longestInteger = 64;
const longestShown = 80;

/**
 * @param file what errors call the pickle. @throws PickleError at the first thing that is not plain values and tensors.
 */
export function unpickle(bytes: Buffer, file: string, start = 0): Unpickled {
  const machine = new Machine(bytes, start);
  for (;;) {
    const at = machine.position;
    const code = bytes[at];
    if (code === undefined) throw new PickleError(file, at, 'none', 'the pickle ends without STOP; it is truncated');
    machine.position++;
    const name = code === stop ? 'STOP' : opcodes[code]?.name;
    if (name === undefined)
      throw new PickleError(
        file,
        at,
        `0x${code.toString(16).padStart(2, '0')}`,
        'not an opcode that a file of tensors needs',
      );
    try {
      if (code === stop) return { value: machine.pop(), end: machine.position };
      opcodes[code]!.run(machine);
    } catch (error) {
      throw new PickleError(file, at, name, messageOf(error));
    }
  }
}

class Machine {
  readonly stack: PickleValue[] = [];
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, PickleValue>();

  constructor(
    private readonly bytes: Buffer,
    public position: number,
  ) {}

  push(value: PickleValue): void {
    if (this.stack.length >= mostValues) throw new RangeError(`expected at most ${mostValues} values at once`);
    this.stack.push(value);
  }

  pop(): PickleValue {
    if (this.stack.length <= (this.marks.at(-1) ?? 0))
      throw new RangeError('expected a value on the stack, found none');
    return this.stack.pop();
  }

  top(): PickleValue {
    if (this.stack.length <= (this.marks.at(-1) ?? 0))
      throw new RangeError('expected a value on the stack, found none');
    return this.stack.at(-1);
  }

  mark(): void {
    this.marks.push(this.stack.length);
  }

  popToMark(): PickleValue[] {
    const from = this.marks.pop();
    if (from === undefined) throw new RangeError('expected a MARK before it');
    return this.stack.splice(from);
  }

  remember(index: number): void {
    if (this.memo.size >= mostValues) throw new RangeError(`expected at most ${mostValues} remembered values`);
    this.memo.set(index, this.top());
  }

  rememberNext(): void {
    this.remember(this.memo.size);
  }

  recall(index: number): void {
    if (!this.memo.has(index)) throw new RangeError(`expected a remembered value ${index}`);
    this.push(this.memo.get(index));
  }

  take(length: number): Buffer {
    if (length < 0 || this.position + length > this.bytes.length)
      throw new RangeError(`expected ${length} more bytes, found ${this.bytes.length - this.position}`);
    this.position += length;
    return this.bytes.subarray(this.position - length, this.position);
  }

  line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) throw new RangeError('expected the end of a line');
    const text = this.bytes.toString('latin1', this.position, end);
    this.position = end + 1;
    return text;
  }

  size(bytes: 1 | 4 | 8): number {
    const taken = this.take(bytes);
    return bytes === 8 ? Number(taken.readBigUInt64LE(0)) : taken.readUIntLE(0, bytes);
  }
}

const constant = (value: () => PickleValue) => (machine: Machine) => machine.push(value());
const textOf = (size: 1 | 4 | 8, encoding: 'utf8' | 'latin1') => (machine: Machine) =>
  machine.push(machine.take(machine.size(size)).toString(encoding));
const bytesOf = (size: 1 | 4 | 8) => (machine: Machine) =>
  machine.push(Uint8Array.from(machine.take(machine.size(size))));
const tupleOf = (count: number) => (machine: Machine) => {
  const items = Array.from({ length: count }, () => machine.pop()).reverse();
  machine.push(Object.freeze(items));
};

const opcodes: Record<number, Opcode> = Object.fromEntries(
  (
    [
      ['(', 'MARK', (machine) => machine.mark()],
      ['0', 'POP', (machine) => machine.pop()],
      ['1', 'POP_MARK', (machine) => machine.popToMark()],
      ['2', 'DUP', (machine) => machine.push(machine.top())],
      ['N', 'NONE', constant(() => null)],
      ['\x88', 'NEWTRUE', constant(() => true)],
      ['\x89', 'NEWFALSE', constant(() => false)],
      ['J', 'BININT', (machine) => machine.push(machine.take(4).readInt32LE(0))],
      ['K', 'BININT1', (machine) => machine.push(machine.size(1))],
      ['M', 'BININT2', (machine) => machine.push(machine.take(2).readUInt16LE(0))],
      ['I', 'INT', (machine) => machine.push(lineInteger(machine.line()))],
      ['L', 'LONG', (machine) => machine.push(lineInteger(machine.line().replace(/L$/, '')))],
      ['\x8a', 'LONG1', (machine) => machine.push(integerOf(machine.take(machine.size(1))))],
      ['\x8b', 'LONG4', (machine) => machine.push(integerOf(machine.take(machine.size(4))))],
      ['F', 'FLOAT', (machine) => machine.push(Number(machine.line()))],
      ['G', 'BINFLOAT', (machine) => machine.push(machine.take(8).readDoubleBE(0))],
      ['U', 'SHORT_BINSTRING', textOf(1, 'latin1')],
      ['T', 'BINSTRING', textOf(4, 'latin1')],
      ['X', 'BINUNICODE', textOf(4, 'utf8')],
      ['\x8c', 'SHORT_BINUNICODE', textOf(1, 'utf8')],
      ['\x8d', 'BINUNICODE8', textOf(8, 'utf8')],
      ['B', 'BINBYTES', bytesOf(4)],
      ['C', 'SHORT_BINBYTES', bytesOf(1)],
      ['\x8e', 'BINBYTES8', bytesOf(8)],
      [')', 'EMPTY_TUPLE', tupleOf(0)],
      ['\x85', 'TUPLE1', tupleOf(1)],
      ['\x86', 'TUPLE2', tupleOf(2)],
      ['\x87', 'TUPLE3', tupleOf(3)],
      ['t', 'TUPLE', (machine) => machine.push(Object.freeze(machine.popToMark()))],
      [']', 'EMPTY_LIST', constant(() => [])],
      ['l', 'LIST', (machine) => machine.push(machine.popToMark())],
      ['a', 'APPEND', (machine) => append(machine, [machine.pop()])],
      ['e', 'APPENDS', (machine) => append(machine, machine.popToMark())],
      ['}', 'EMPTY_DICT', constant(() => new Map())],
      ['d', 'DICT', (machine) => machine.push(setItems(new Map(), machine.popToMark()))],
      ['s', 'SETITEM', (machine) => setItem(machine)],
      ['u', 'SETITEMS', (machine) => setItems(...swap(machine.popToMark(), machine))],
      ['q', 'BINPUT', (machine) => machine.remember(machine.size(1))],
      ['r', 'LONG_BINPUT', (machine) => machine.remember(machine.size(4))],
      ['\x94', 'MEMOIZE', (machine) => machine.rememberNext()],
      ['h', 'BINGET', (machine) => machine.recall(machine.size(1))],
      ['j', 'LONG_BINGET', (machine) => machine.recall(machine.size(4))],
      ['\x80', 'PROTO', (machine) => checkProtocol(machine.size(1))],
      ['\x95', 'FRAME', (machine) => machine.take(8)],
      ['Q', 'BINPERSID', (machine) => machine.push(storageOf(machine.pop()))],
      ['c', 'GLOBAL', (machine) => machine.push(globalOf(`${machine.line()} ${machine.line()}`))],
      ['\x93', 'STACK_GLOBAL', (machine) => stackGlobal(machine)],
      ['R', 'REDUCE', (machine) => reduce(machine)],
      ['b', 'BUILD', (machine) => buildTop(machine)],
    ] satisfies [string, string, (machine: Machine) => void][]
  ).map(([code, name, run]) => [code.charCodeAt(0), { name, run }]),
);

function append(machine: Machine, items: PickleValue[]): void {
  const list = machine.top();
  if (!Array.isArray(list) || Object.isFrozen(list)) throw new RangeError('expected a list to append to');
  for (const item of items) list.push(item);
}

function setItem(machine: Machine): void {
  const value = machine.pop();
  const key = machine.pop();
  setItems(machine.top(), [key, value]);
}

const swap = (items: PickleValue[], machine: Machine): [PickleValue, PickleValue[]] => [machine.top(), items];

function setItems(map: PickleValue, items: PickleValue[]): PickleValue {
  if (!(map instanceof Map)) throw new RangeError('expected a dictionary to put items into');
  if (items.length % 2 !== 0) throw new RangeError('expected a value for every key');
  for (let item = 0; item < items.length; item += 2) map.set(items[item], items[item + 1]);
  return map;
}

function lineInteger(text: string): number | boolean | bigint {
  if (text === '00' || text === '01') return text === '01';
  if (!/^-?\d+$/.test(text) || text.length > longestInteger)
    throw new RangeError('expected an integer of at most 64 digits');
  return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
}

/** Two's complement, little-endian. */
function integerOf(bytes: Buffer): number | bigint {
  if (bytes.length > longestInteger)
    throw new RangeError(`expected an integer of at most ${longestInteger} bytes, found ${bytes.length}`);
  if (bytes.length === 0) return 0;
  const unsigned = BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
  const value = BigInt.asIntN(8 * bytes.length, unsigned);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function checkProtocol(version: number): void {
  if (version > 5) throw new RangeError(`expected protocol 0 to 5, found ${version}`);
}

function globalOf(name: string): Global {
  const found = findGlobal(name);
  if (found) return found;
  const shown = name.replace(' ', '.').slice(0, longestShown);
  throw new RangeError(
    `the file asks for ${JSON.stringify(shown)}. Only tensors and plain values are read and nothing in a file is ever executed; save the weights alone, e.g. torch.save(model.state_dict(), path)`,
  );
}

function stackGlobal(machine: Machine): void {
  const name = machine.pop();
  const module = machine.pop();
  if (typeof name !== 'string' || typeof module !== 'string')
    throw new RangeError('expected a module and a name as text');
  machine.push(globalOf(`${module} ${name}`));
}

function reduce(machine: Machine): void {
  const args = machine.pop();
  const callee = machine.pop();
  if (!isGlobal(callee) || !callee.call)
    throw new RangeError(
      `expected one of the known functions, found ${isGlobal(callee) ? callee.name : typeof callee}`,
    );
  if (!Array.isArray(args)) throw new RangeError(`expected a tuple of arguments for ${callee.name}`);
  machine.push(callee.call(args as PickleValue[]));
}

function buildTop(machine: Machine): void {
  const state = machine.pop();
  build(machine.top(), state);
}
