import { build, findGlobal, persistentValue } from './pickle-globals.js';
import {
  type Charge,
  isGlobal,
  isKind,
  isOpaque,
  opaqueObject,
  type PickleValue,
  shownName,
  type StorageRef,
} from './pickle-values.js';

/**
 * Everything that one pickle may make, counted as it is made and not as it is kept: a state dict of ResNet-50 with its
 * optimiser takes some 40,000.
 */
const mostMade = 8_000_000;
/** What a dictionary, list or object takes, in values. */
const container = 8;
/** Characters of a class name: what is longer is no name. */
const longestName = 1000;

/** Stack, marks and memo of a pickle, and what it may do with them. Nothing here calls what the file names. */
export class PickleMachine {
  /** Every storage that a persistent id names, whether a tensor needs it or not. */
  readonly storages = new Map<string, StorageRef>();
  /** Classes and functions that are not known here, and how many objects of each. */
  readonly leftOut = new Map<string, number>();
  private readonly stack: PickleValue[] = [];
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, PickleValue>();
  private made = 0;

  constructor(
    private readonly bytes: Buffer,
    public position: number,
  ) {}

  readonly charge: Charge = (values) => {
    this.made += values;
    if (this.made > mostMade) throw new RangeError(`expected a pickle that makes at most ${mostMade} values`);
  };

  push(value: PickleValue): void {
    this.charge(1);
    this.stack.push(value);
  }

  pushContainer(value: PickleValue): void {
    this.charge(container);
    this.push(value);
  }

  pop(): PickleValue {
    this.expectValue();
    return this.stack.pop();
  }

  top(): PickleValue {
    this.expectValue();
    return this.stack.at(-1);
  }

  mark(): void {
    this.charge(1);
    this.marks.push(this.stack.length);
  }

  popToMark(): PickleValue[] {
    const from = this.marks.pop();
    if (from === undefined) throw new RangeError('expected a MARK before it');
    return this.stack.splice(from);
  }

  remember(index: number): void {
    this.charge(2);
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

  size(bytes: 1 | 2 | 4 | 8): number {
    const taken = this.take(bytes);
    return bytes === 8 ? Number(taken.readBigUInt64LE(0)) : taken.readUIntLE(0, bytes);
  }

  pushGlobal(module: PickleValue, name: PickleValue): void {
    if (typeof name !== 'string' || typeof module !== 'string')
      throw new RangeError('expected a module and a name as text');
    if (module.length + name.length > longestName)
      throw new RangeError(`expected a name of at most ${longestName} characters`);
    this.pushContainer(findGlobal(`${module} ${name}`));
  }

  pushPersistent(id: PickleValue): void {
    const value = persistentValue(id);
    if (isKind<StorageRef>(value, 'storage')) {
      const { view: _view, ...whole } = value;
      this.storages.set(value.key, whole);
    }
    this.pushContainer(value);
  }

  /** What calling `callee` gives where that is known here; else an object that only says of what class it would be. */
  make(callee: PickleValue, args: PickleValue): void {
    if (!Array.isArray(args)) throw new RangeError('expected a tuple of arguments');
    if (isGlobal(callee) && callee.call) {
      this.pushContainer(callee.call(args as PickleValue[], this.charge));
      return;
    }
    if (!isGlobal(callee) && !isOpaque(callee))
      throw new RangeError(`expected a class or function, found a ${typeof callee}`);
    const className = classNameOf(isGlobal(callee) ? callee.name : callee.className, args as PickleValue[]);
    this.leftOut.set(className, (this.leftOut.get(className) ?? 0) + 1);
    this.pushContainer(opaqueObject(className, args as PickleValue[]));
  }

  append(items: PickleValue[]): void {
    const list = this.top();
    const into = isOpaque(list) ? list.items : list;
    if (!Array.isArray(into) || Object.isFrozen(into)) throw new RangeError('expected a list to append to');
    for (const item of items) into.push(item);
  }

  setItems(items: PickleValue[], target = this.top()): void {
    const map = isOpaque(target) ? target.entries : target;
    if (!(map instanceof Map)) throw new RangeError('expected a dictionary to put items into');
    if (items.length % 2 !== 0) throw new RangeError('expected a value for every key');
    for (let item = 0; item < items.length; item += 2) map.set(items[item], items[item + 1]);
    this.charge(items.length);
  }

  buildTop(): void {
    const state = this.pop();
    build(this.top(), state);
  }

  private expectValue(): void {
    if (this.stack.length <= (this.marks.at(-1) ?? 0))
      throw new RangeError('expected a value on the stack, found none');
  }
}

/** Functions that make an object of the class they are given. */
const constructors = ['copy_reg _reconstructor', 'copyreg _reconstructor', 'copyreg __newobj__'];

function classNameOf(callee: string, args: readonly PickleValue[]): string {
  const of = constructors.includes(callee) ? args[0] : undefined;
  return shownName(isGlobal(of) ? of.name : callee);
}
