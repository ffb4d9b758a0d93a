import type { Data, Vector } from 'apache-arrow';

/** One column of all samples. */
export type ColumnData =
  | { kind: 'numbers'; values: Float32Array | Float64Array | Int32Array }
  /** Indices into `names`; -1 where it is not known. */
  | { kind: 'names'; values: Int16Array; names: readonly string[] }
  /** `[N * width]` */
  | { kind: 'rows'; values: Float32Array; width: number };

/** Fetches one column. @throws Error with what the server said. */
export async function readColumn(url: string): Promise<ColumnData> {
  const response = await fetch(url);
  if (!response.ok) {
    const answer = (await response.json().catch(() => null)) as { error?: { message: string } } | null;
    throw new Error(answer?.error?.message ?? `The server refused the column (status ${response.status}).`);
  }
  const { tableFromIPC } = await import('apache-arrow');
  const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()));
  return columnOf(table.getChildAt(0)!);
}

function columnOf(vector: Vector): ColumnData {
  const [first] = vector.data;
  if (first?.dictionary) return namesOf(vector);
  const child = first?.children[0];
  if (child && first) return { kind: 'rows', values: joined(vector.data.map(childValues)), width: listSize(first) };
  return { kind: 'numbers', values: numbersOf(vector) };
}

function listSize(data: Data): number {
  return (data.type as unknown as { listSize: number }).listSize;
}

function childValues(data: Data): Float32Array {
  const width = listSize(data);
  const values = data.children[0].values as Float32Array;
  return values.subarray(data.offset * width, (data.offset + data.length) * width);
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

/** What is not known becomes NaN. */
function numbersOf(vector: Vector): Float32Array | Float64Array | Int32Array {
  if (vector.nullCount === 0) return vector.toArray() as Float32Array;
  const values = new Float64Array(vector.length);
  let n = 0;
  for (const data of vector.data)
    for (let place = 0; place < data.length; place++)
      values[n++] = data.getValid(place) ? Number((data.values as Float32Array)[place]) : NaN;
  return values;
}

function namesOf(vector: Vector): ColumnData {
  const values = new Int16Array(vector.length);
  let n = 0;
  for (const data of vector.data)
    for (let place = 0; place < data.length; place++)
      values[n++] = data.getValid(place) ? Number((data.values as Int8Array)[place]) : -1;
  const names = (vector.data[0]?.dictionary?.toArray() ?? []) as ArrayLike<string>;
  return { kind: 'names', values, names: Array.from(names, String) };
}
