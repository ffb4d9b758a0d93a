// AssemblyScript. Matrix product C = op(A) B of float32 matrices with packed operands, in tiles of 4 x 8 held in registers.
// Block sizes: a packed panel of B is DEPTH x 8 floats (8 KB, level-1 cache), a packed block of A is ROWS x DEPTH (96 KB, level-2 cache).

const DEPTH: i32 = 256;
const ROWS: i32 = 96;

@inline
function multiplyAdd(a: v128, b: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, sum);
  return f32x4.add(sum, f32x4.mul(a, b));
}

/**
 * B[k][n] = source[k * rowStride + n * columnStride], one of the strides being 1, packed as blocks of DEPTH rows, in each panels of 8 columns;
 * columns beyond n are zeros. Space: depth * (columns rounded up to 8) floats.
 */
export function packB(source: usize, depth: i32, columns: i32, rowStride: i32, columnStride: i32, out: usize): void {
  for (let first = 0; first < depth; first += DEPTH) {
    const count = min(DEPTH, depth - first);
    for (let n = 0; n < columns; n += 8) {
      const panel = source + (usize(first * rowStride + n * columnStride) << 2);
      if (n + 8 > columns) packNarrowPanel(panel, count, columns - n, rowStride, columnStride, out);
      else if (columnStride == 1) packPanel(panel, count, rowStride, out);
      else packTransposedPanel(panel, count, columnStride, out);
      out += usize(count) << 5;
    }
  }
}

function packPanel(panel: usize, count: i32, rowStride: i32, out: usize): void {
  const step = usize(rowStride) << 2;
  for (let k = 0; k < count; k++) {
    v128.store(out, v128.load(panel));
    v128.store(out, v128.load(panel, 16), 16);
    panel += step;
    out += 32;
  }
}

function packTransposedPanel(panel: usize, count: i32, columnStride: i32, out: usize): void {
  const step = usize(columnStride) << 2;
  let k = 0;
  for (; k + 4 <= count; k += 4) {
    transpose4x4(panel, step, out, 32);
    transpose4x4(panel + 4 * step, step, out + 16, 32);
    panel += 16;
    out += 128;
  }
  for (; k < count; k++) {
    for (let n: usize = 0; n < 8; n++) store<f32>(out + (n << 2), load<f32>(panel + n * step));
    panel += 4;
    out += 32;
  }
}

function packNarrowPanel(panel: usize, count: i32, columns: i32, rowStride: i32, columnStride: i32, out: usize): void {
  for (let k = 0; k < count; k++) {
    for (let n = 0; n < 8; n++) {
      const value: f32 = n < columns ? load<f32>(panel + (usize(k * rowStride + n * columnStride) << 2)) : 0;
      store<f32>(out + (usize(n) << 2), value);
    }
    out += 32;
  }
}

@inline
function transpose4x4(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const r0 = v128.load(from), r1 = v128.load(from + fromStep), r2 = v128.load(from + 2 * fromStep), r3 = v128.load(from + 3 * fromStep);
  const t0 = i32x4.shuffle(r0, r1, 0, 4, 1, 5), t1 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
  const t2 = i32x4.shuffle(r2, r3, 0, 4, 1, 5), t3 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
  v128.store(to, i64x2.shuffle(t0, t2, 0, 2));
  v128.store(to + toStep, i64x2.shuffle(t0, t2, 1, 3));
  v128.store(to + 2 * toStep, i64x2.shuffle(t1, t3, 0, 2));
  v128.store(to + 3 * toStep, i64x2.shuffle(t1, t3, 1, 3));
}

/** Rows of A, `stride` floats apart, into panels of 4 rows: [count][4]. Rows beyond the last are zeros. */
function packRows(a: usize, stride: i32, rows: i32, count: i32, out: usize): void {
  const step = usize(stride) << 2;
  for (let i = 0; i < rows; i += 4) {
    const height = min(4, rows - i);
    let p = a + usize(i) * step;
    let k = 0;
    if (height == 4) {
      for (; k + 4 <= count; k += 4) {
        transpose4x4(p, step, out, 16);
        p += 16;
        out += 64;
      }
    }
    for (; k < count; k++) {
      for (let r = 0; r < 4; r++) store<f32>(out + (usize(r) << 2), r < height ? load<f32>(p + usize(r) * step) : 0);
      p += 4;
      out += 16;
    }
  }
}

/** The same from A transposed: row k of the product's depth lies `stride` floats after the one before it. */
function packColumns(a: usize, stride: i32, rows: i32, count: i32, out: usize): void {
  const step = usize(stride) << 2;
  for (let i = 0; i < rows; i += 4) {
    const height = min(4, rows - i);
    let p = a + (usize(i) << 2);
    for (let k = 0; k < count; k++) {
      if (height == 4) v128.store(out, v128.load(p));
      else for (let r = 0; r < 4; r++) store<f32>(out + (usize(r) << 2), r < height ? load<f32>(p + (usize(r) << 2)) : 0);
      p += step;
      out += 16;
    }
  }
}

/**
 * C[rows, columns] = op(A) B, added to C if `add`. A is [rows, depth], or [depth, rows] if `transposed`, with `aStride` floats a line;
 * C has `cStride` floats a line. @param work (ROWS * DEPTH + 32) floats.
 */
export function gemm(transposed: i32, a: usize, aStride: i32, packedB: usize, c: usize, cStride: i32, rows: i32, columns: i32, depth: i32, add: i32, work: usize): void {
  const tile = work + (usize(ROWS * DEPTH) << 2);
  const line = usize(cStride) << 2;
  const padded = (columns + 7) & ~7;
  for (let first = 0; first < depth; first += DEPTH) {
    const count = min(DEPTH, depth - first);
    const b = packedB + (usize(first) * usize(padded) << 2);
    const onTop = add != 0 || first > 0;
    for (let m = 0; m < rows; m += ROWS) {
      const height = min(ROWS, rows - m);
      if (transposed) packColumns(a + (usize(first) * usize(aStride) + usize(m) << 2), aStride, height, count, work);
      else packRows(a + (usize(m) * usize(aStride) + usize(first) << 2), aStride, height, count, work);
      multiplyBlock(work, b, c + usize(m) * line, line, height, columns, count, onTop, tile);
    }
  }
}

function multiplyBlock(packedA: usize, packedB: usize, c: usize, line: usize, rows: i32, columns: i32, count: i32, onTop: bool, tile: usize): void {
  const panelA = usize(count) << 4;
  const panelB = usize(count) << 5;
  for (let n = 0; n < columns; n += 8) {
    let a = packedA;
    for (let i = 0; i < rows; i += 4) {
      const corner = c + usize(i) * line + (usize(n) << 2);
      if (i + 4 <= rows && n + 8 <= columns) multiplyTile(count, a, packedB, corner, line, onTop);
      else {
        multiplyTile(count, a, packedB, tile, 32, false);
        copyTile(tile, corner, line, min(4, rows - i), min(8, columns - n), onTop);
      }
      a += panelA;
    }
    packedB += panelB;
  }
}

function copyTile(tile: usize, c: usize, line: usize, rows: i32, columns: i32, onTop: bool): void {
  for (let i = 0; i < rows; i++) {
    for (let n: usize = 0; n < usize(columns) << 2; n += 4) {
      const value = load<f32>(tile + n);
      store<f32>(c + n, onTop ? load<f32>(c + n) + value : value);
    }
    tile += 32;
    c += line;
  }
}

function multiplyTile(count: i32, a: usize, b: usize, c: usize, line: usize, onTop: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  for (let k = 0; k < count; k++) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    c00 = multiplyAdd(a0, b0, c00);
    c01 = multiplyAdd(a0, b1, c01);
    const a1 = v128.load32_splat(a, 4);
    c10 = multiplyAdd(a1, b0, c10);
    c11 = multiplyAdd(a1, b1, c11);
    const a2 = v128.load32_splat(a, 8);
    c20 = multiplyAdd(a2, b0, c20);
    c21 = multiplyAdd(a2, b1, c21);
    const a3 = v128.load32_splat(a, 12);
    c30 = multiplyAdd(a3, b0, c30);
    c31 = multiplyAdd(a3, b1, c31);
    a += 16;
    b += 32;
  }
  storeLine(c, c00, c01, onTop);
  storeLine(c + line, c10, c11, onTop);
  storeLine(c + 2 * line, c20, c21, onTop);
  storeLine(c + 3 * line, c30, c31, onTop);
}

@inline
function storeLine(c: usize, left: v128, right: v128, onTop: bool): void {
  v128.store(c, onTop ? f32x4.add(left, v128.load(c)) : left);
  v128.store(c, onTop ? f32x4.add(right, v128.load(c, 16)) : right, 16);
}
