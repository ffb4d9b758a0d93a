// AssemblyScript. Batch norm over float32 matrices [rows, columns], any number of columns; pointers are byte offsets into the shared memory.
// Sums over rows are taken in blocks of ROWS rows, so that their rounding errors grow with the number of blocks instead of rows.

const ROWS: i32 = 256;
const ZERO: v128 = f32x4(0, 0, 0, 0);

/** out[c] = sum over rows of x[r, c] */
export function columnSums(x: usize, rows: i32, columns: i32, out: usize): void {
  const stride = usize(columns) << 2;
  memory.fill(out, 0, stride);
  for (let first = 0; first < rows; first += ROWS) {
    const count = min(ROWS, rows - first);
    const block = x + usize(first) * stride;
    let c: usize = 0;
    for (; c + 64 <= stride; c += 64) {
      let s0 = ZERO, s1 = ZERO, s2 = ZERO, s3 = ZERO;
      let p = block + c;
      for (let r = 0; r < count; r++) {
        s0 = f32x4.add(s0, v128.load(p));
        s1 = f32x4.add(s1, v128.load(p, 16));
        s2 = f32x4.add(s2, v128.load(p, 32));
        s3 = f32x4.add(s3, v128.load(p, 48));
        p += stride;
      }
      accumulate(out + c, s0);
      accumulate(out + c + 16, s1);
      accumulate(out + c + 32, s2);
      accumulate(out + c + 48, s3);
    }
    for (; c < stride; c += 4) {
      let s: f32 = 0;
      let p = block + c;
      for (let r = 0; r < count; r++) {
        s += load<f32>(p);
        p += stride;
      }
      store<f32>(out + c, load<f32>(out + c) + s);
    }
  }
}

/** out[c] = sum over rows of (x[r, c] - mean[c])^2 */
export function columnSquares(x: usize, mean: usize, rows: i32, columns: i32, out: usize): void {
  const stride = usize(columns) << 2;
  memory.fill(out, 0, stride);
  for (let first = 0; first < rows; first += ROWS) {
    const count = min(ROWS, rows - first);
    const block = x + usize(first) * stride;
    let c: usize = 0;
    for (; c + 32 <= stride; c += 32) {
      const m0 = v128.load(mean + c), m1 = v128.load(mean + c, 16);
      let s0 = ZERO, s1 = ZERO;
      let p = block + c;
      for (let r = 0; r < count; r++) {
        const d0 = f32x4.sub(v128.load(p), m0), d1 = f32x4.sub(v128.load(p, 16), m1);
        s0 = f32x4.add(s0, f32x4.mul(d0, d0));
        s1 = f32x4.add(s1, f32x4.mul(d1, d1));
        p += stride;
      }
      accumulate(out + c, s0);
      accumulate(out + c + 16, s1);
    }
    for (; c < stride; c += 4) {
      const m = load<f32>(mean + c);
      let s: f32 = 0;
      let p = block + c;
      for (let r = 0; r < count; r++) {
        const d = load<f32>(p) - m;
        s += d * d;
        p += stride;
      }
      store<f32>(out + c, load<f32>(out + c) + s);
    }
  }
}

/** y = (x - mean) * gain + bias, + residual unless that is 0, then max(., 0) if relu. */
export function affine(x: usize, mean: usize, gain: usize, bias: usize, residual: usize, y: usize, rows: i32, columns: i32, relu: i32): void {
  const stride = usize(columns) << 2;
  const vectors = stride & ~15;
  for (let r = 0; r < rows; r++) {
    let c: usize = 0;
    for (; c < vectors; c += 16) {
      let t = f32x4.add(f32x4.mul(f32x4.sub(v128.load(x + c), v128.load(mean + c)), v128.load(gain + c)), v128.load(bias + c));
      if (residual) t = f32x4.add(t, v128.load(residual + c));
      if (relu) t = f32x4.max(t, ZERO);
      v128.store(y + c, t);
    }
    for (; c < stride; c += 4) {
      let t = (load<f32>(x + c) - load<f32>(mean + c)) * load<f32>(gain + c) + load<f32>(bias + c);
      if (residual) t += load<f32>(residual + c);
      if (relu) t = max<f32>(t, 0);
      store<f32>(y + c, t);
    }
    x += stride;
    y += stride;
    if (residual) residual += stride;
  }
}

/** With g = dy where y > 0, else 0 (g = dy if y is 0): sums[c] = sum of g; products[c] = sum of g * (x - mean). */
export function gradientSums(dy: usize, y: usize, x: usize, mean: usize, rows: i32, columns: i32, sums: usize, products: usize): void {
  const stride = usize(columns) << 2;
  memory.fill(sums, 0, stride);
  memory.fill(products, 0, stride);
  for (let first = 0; first < rows; first += ROWS) {
    const count = min(ROWS, rows - first);
    const block = usize(first) * stride;
    let c: usize = 0;
    for (; c + 32 <= stride; c += 32) {
      const m0 = v128.load(mean + c), m1 = v128.load(mean + c, 16);
      let s0 = ZERO, s1 = ZERO, t0 = ZERO, t1 = ZERO;
      let o = block + c;
      for (let r = 0; r < count; r++) {
        let g0 = v128.load(dy + o), g1 = v128.load(dy + o, 16);
        if (y) {
          g0 = v128.and(g0, f32x4.gt(v128.load(y + o), ZERO));
          g1 = v128.and(g1, f32x4.gt(v128.load(y + o, 16), ZERO));
        }
        s0 = f32x4.add(s0, g0);
        s1 = f32x4.add(s1, g1);
        t0 = f32x4.add(t0, f32x4.mul(g0, f32x4.sub(v128.load(x + o), m0)));
        t1 = f32x4.add(t1, f32x4.mul(g1, f32x4.sub(v128.load(x + o, 16), m1)));
        o += stride;
      }
      accumulate(sums + c, s0);
      accumulate(sums + c + 16, s1);
      accumulate(products + c, t0);
      accumulate(products + c + 16, t1);
    }
    for (; c < stride; c += 4) {
      const m = load<f32>(mean + c);
      let s: f32 = 0, t: f32 = 0;
      let o = block + c;
      for (let r = 0; r < count; r++) {
        if (!y || load<f32>(y + o) > 0) {
          const g = load<f32>(dy + o);
          s += g;
          t += g * (load<f32>(x + o) - m);
        }
        o += stride;
      }
      store<f32>(sums + c, load<f32>(sums + c) + s);
      store<f32>(products + c, load<f32>(products + c) + t);
    }
  }
}

/** With g as in gradientSums: dx = g * a + (x - mean) * b + c, and residual = g unless that pointer is 0. */
export function inputGradient(dy: usize, y: usize, x: usize, mean: usize, a: usize, b: usize, c: usize, dx: usize, residual: usize, rows: i32, columns: i32): void {
  const stride = usize(columns) << 2;
  const vectors = stride & ~15;
  let o: usize = 0;
  for (let r = 0; r < rows; r++) {
    let q: usize = 0;
    for (; q < vectors; q += 16) {
      let g = v128.load(dy + o);
      if (y) g = v128.and(g, f32x4.gt(v128.load(y + o), ZERO));
      if (residual) v128.store(residual + o, g);
      const xb = f32x4.add(f32x4.mul(f32x4.sub(v128.load(x + o), v128.load(mean + q)), v128.load(b + q)), v128.load(c + q));
      v128.store(dx + o, f32x4.add(f32x4.mul(g, v128.load(a + q)), xb));
      o += 16;
    }
    for (; q < stride; q += 4) {
      let g = load<f32>(dy + o);
      if (y && !(load<f32>(y + o) > 0)) g = 0;
      if (residual) store<f32>(residual + o, g);
      store<f32>(dx + o, g * load<f32>(a + q) + (load<f32>(x + o) - load<f32>(mean + q)) * load<f32>(b + q) + load<f32>(c + q));
      o += 4;
    }
  }
}

@inline
function accumulate(p: usize, value: v128): void {
  v128.store(p, f32x4.add(v128.load(p), value));
}
