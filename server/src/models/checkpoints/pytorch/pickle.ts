import { messageOf } from '../../../errors.js';
import { PickleError } from './pickle-error.js';
import { PickleMachine } from './pickle-machine.js';
import type { PickleValue, StorageRef } from './pickle-values.js';

/**
 * Reads pickles (Python's `Lib/pickletools.py` lists the opcodes) of protocols 0 to 5 without running anything: values
 * are built by the opcodes below, a class or function that is not one of `pickle-globals.ts` becomes an opaque object.
 * Tuples are frozen arrays, sets are lists, dictionaries are maps.
 */
export interface Unpickled {
  value: PickleValue;
  /** Of the byte after STOP. */
  end: number;
  storages: ReadonlyMap<string, StorageRef>;
  /** Classes and functions of the file that were not called, and how often each was asked for. */
  leftOut: ReadonlyMap<string, number>;
}

interface Opcode {
  name: string;
  run(machine: PickleMachine): void;
}

const stop = 0x2e;
/** Digits of a LONG that is still worth reading. */
const longestInteger = 64;

/** @param file what errors call the pickle. @throws PickleError where it is damaged, or asks for too much. */
export function unpickle(bytes: Buffer, file: string, start = 0): Unpickled {
  const machine = new PickleMachine(bytes, start);
  for (;;) {
    const at = machine.position;
    const code = bytes[at];
    if (code === undefined) throw new PickleError(file, at, 'none', 'the pickle ends without STOP; it is truncated');
    machine.position++;
    const name = code === stop ? 'STOP' : opcodes[code]?.name;
    if (name === undefined) throw new PickleError(file, at, String(code), 'not an opcode of a pickle; it is damaged');
    try {
      if (code === stop) {
        const { storages, leftOut } = machine;
        return { value: machine.pop(), end: machine.position, storages, leftOut };
      }
      opcodes[code].run(machine);
    } catch (error) {
      throw new PickleError(file, at, name, messageOf(error));
    }
  }
}

type Run = (machine: PickleMachine) => void;

const constant =
  (value: () => PickleValue): Run =>
  (machine) =>
    machine.push(value());
const emptied =
  (value: () => PickleValue): Run =>
  (machine) =>
    machine.pushContainer(value());
const textOf =
  (size: 1 | 4 | 8, encoding: 'utf8' | 'latin1'): Run =>
  (machine) =>
    machine.push(machine.take(machine.size(size)).toString(encoding));
const bytesOf =
  (size: 1 | 4 | 8): Run =>
  (machine) =>
    machine.push(Uint8Array.from(machine.take(machine.size(size))));
const tupleOf =
  (count: number): Run =>
  (machine) => {
    const items = Array.from({ length: count }, () => machine.pop()).reverse();
    machine.pushContainer(Object.freeze(items));
  };

const plainValues: [string, string, Run][] = [
  ['N', 'NONE', constant(() => null)],
  ['\x88', 'NEWTRUE', constant(() => true)],
  ['\x89', 'NEWFALSE', constant(() => false)],
  ['J', 'BININT', (machine) => machine.push(machine.take(4).readInt32LE(0))],
  ['K', 'BININT1', (machine) => machine.push(machine.size(1))],
  ['M', 'BININT2', (machine) => machine.push(machine.size(2))],
  ['I', 'INT', (machine) => machine.push(lineInteger(machine.line()))],
  ['L', 'LONG', (machine) => machine.push(lineInteger(machine.line().replace(/L$/, '')))],
  ['\x8a', 'LONG1', (machine) => machine.push(integerOf(machine.take(machine.size(1))))],
  ['\x8b', 'LONG4', (machine) => machine.push(integerOf(machine.take(machine.size(4))))],
  ['F', 'FLOAT', (machine) => machine.push(Number(machine.line()))],
  ['G', 'BINFLOAT', (machine) => machine.push(machine.take(8).readDoubleBE(0))],
  ['S', 'STRING', (machine) => machine.push(machine.line().replace(/^(['"])(.*)\1$/, '$2'))],
  ['V', 'UNICODE', (machine) => machine.push(machine.line())],
  ['U', 'SHORT_BINSTRING', textOf(1, 'latin1')],
  ['T', 'BINSTRING', textOf(4, 'latin1')],
  ['X', 'BINUNICODE', textOf(4, 'utf8')],
  ['\x8c', 'SHORT_BINUNICODE', textOf(1, 'utf8')],
  ['\x8d', 'BINUNICODE8', textOf(8, 'utf8')],
  ['B', 'BINBYTES', bytesOf(4)],
  ['C', 'SHORT_BINBYTES', bytesOf(1)],
  ['\x8e', 'BINBYTES8', bytesOf(8)],
  ['\x96', 'BYTEARRAY8', bytesOf(8)],
];

const containers: [string, string, Run][] = [
  [')', 'EMPTY_TUPLE', tupleOf(0)],
  ['\x85', 'TUPLE1', tupleOf(1)],
  ['\x86', 'TUPLE2', tupleOf(2)],
  ['\x87', 'TUPLE3', tupleOf(3)],
  ['t', 'TUPLE', (machine) => machine.pushContainer(Object.freeze(machine.popToMark()))],
  [']', 'EMPTY_LIST', emptied(() => [])],
  ['l', 'LIST', (machine) => machine.pushContainer(machine.popToMark())],
  ['a', 'APPEND', (machine) => machine.append([machine.pop()])],
  ['e', 'APPENDS', (machine) => machine.append(machine.popToMark())],
  ['\x8f', 'EMPTY_SET', emptied(() => [])],
  ['\x90', 'ADDITEMS', (machine) => machine.append(machine.popToMark())],
  ['\x91', 'FROZENSET', (machine) => machine.pushContainer(machine.popToMark())],
  ['}', 'EMPTY_DICT', emptied(() => new Map())],
  ['d', 'DICT', (machine) => dictionary(machine)],
  ['s', 'SETITEM', (machine) => setItem(machine)],
  ['u', 'SETITEMS', (machine) => machine.setItems(machine.popToMark())],
];

const stackAndMemo: [string, string, Run][] = [
  ['(', 'MARK', (machine) => machine.mark()],
  ['0', 'POP', (machine) => machine.pop()],
  ['1', 'POP_MARK', (machine) => machine.popToMark()],
  ['2', 'DUP', (machine) => machine.push(machine.top())],
  ['q', 'BINPUT', (machine) => machine.remember(machine.size(1))],
  ['r', 'LONG_BINPUT', (machine) => machine.remember(machine.size(4))],
  ['p', 'PUT', (machine) => machine.remember(Number(machine.line()))],
  ['\x94', 'MEMOIZE', (machine) => machine.rememberNext()],
  ['h', 'BINGET', (machine) => machine.recall(machine.size(1))],
  ['j', 'LONG_BINGET', (machine) => machine.recall(machine.size(4))],
  ['g', 'GET', (machine) => machine.recall(Number(machine.line()))],
  ['\x80', 'PROTO', (machine) => checkProtocol(machine.size(1))],
  ['\x95', 'FRAME', (machine) => machine.take(8)],
];

const classesAndObjects: [string, string, Run][] = [
  ['Q', 'BINPERSID', (machine) => machine.pushPersistent(machine.pop())],
  ['P', 'PERSID', (machine) => machine.pushPersistent(machine.line())],
  ['c', 'GLOBAL', (machine) => machine.pushGlobal(machine.line(), machine.line())],
  ['\x93', 'STACK_GLOBAL', (machine) => stackGlobal(machine)],
  ['\x82', 'EXT1', (machine) => machine.pushGlobal('copyreg', `extension ${machine.size(1)}`)],
  ['\x83', 'EXT2', (machine) => machine.pushGlobal('copyreg', `extension ${machine.size(2)}`)],
  ['\x84', 'EXT4', (machine) => machine.pushGlobal('copyreg', `extension ${machine.size(4)}`)],
  ['R', 'REDUCE', (machine) => reduce(machine)],
  ['\x81', 'NEWOBJ', (machine) => reduce(machine)],
  ['\x92', 'NEWOBJ_EX', (machine) => (machine.pop(), reduce(machine))],
  ['i', 'INST', (machine) => instance(machine)],
  ['o', 'OBJ', (machine) => object(machine)],
  ['b', 'BUILD', (machine) => machine.buildTop()],
];

const opcodes: Record<number, Opcode> = Object.fromEntries(
  [...plainValues, ...containers, ...stackAndMemo, ...classesAndObjects].map(([code, name, run]) => [
    code.charCodeAt(0),
    { name, run },
  ]),
);

function dictionary(machine: PickleMachine): void {
  const items = machine.popToMark();
  const map = new Map();
  machine.setItems(items, map);
  machine.pushContainer(map);
}

function setItem(machine: PickleMachine): void {
  const value = machine.pop();
  const key = machine.pop();
  machine.setItems([key, value]);
}

function lineInteger(text: string): number | boolean | bigint {
  if (text === '00' || text === '01') return text === '01';
  if (text.length > longestInteger || !/^-?\d+$/.test(text))
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

function stackGlobal(machine: PickleMachine): void {
  const name = machine.pop();
  machine.pushGlobal(machine.pop(), name);
}

function reduce(machine: PickleMachine): void {
  const args = machine.pop();
  machine.make(machine.pop(), args);
}

function instance(machine: PickleMachine): void {
  const [module, name] = [machine.line(), machine.line()];
  const args = machine.popToMark();
  machine.pushGlobal(module, name);
  machine.make(machine.pop(), args);
}

function object(machine: PickleMachine): void {
  const [callee, ...args] = machine.popToMark();
  machine.make(callee, args);
}
