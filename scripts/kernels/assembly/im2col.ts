// AssemblyScript. Images [N, H, W, C] as rows of filter windows [kh, kw, C], one row an output pixel, and back.

/** Rows first..last of the windows, to out [last - first, kh * kw * C]. Pixels outside the image are zeros. */
export function im2col(x: usize, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32, kh: i32, kw: i32, strideY: i32, strideX: i32, padTop: i32, padLeft: i32, first: i32, last: i32, out: usize): void {
  const pixel = usize(channels) << 2;
  const windowRow = usize(kw) * pixel;
  for (let row = first; row < last; row++) {
    const line = row / outWidth;
    const image = line / outHeight;
    const left = (row - line * outWidth) * strideX - padLeft;
    const top = (line - image * outHeight) * strideY - padTop;
    const from = max(0, -left), to = min(kw, width - left);
    for (let i = 0; i < kh; i++) {
      const y = top + i;
      if (y < 0 || y >= height || from >= to) {
        clear(out, windowRow);
      } else {
        const before = usize(from) * pixel, inside = usize(to - from) * pixel;
        clear(out, before);
        copy(out + before, x + (usize(image * height + y) * usize(width) + usize(left + from)) * pixel, inside);
        clear(out + before + inside, windowRow - before - inside);
      }
      out += windowRow;
    }
  }
}

/** Adds rows first..last of window gradients [last - first, kh * kw * C] to the image's pixels they came from. */
export function col2im(windows: usize, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32, kh: i32, kw: i32, strideY: i32, strideX: i32, padTop: i32, padLeft: i32, first: i32, last: i32, dx: usize): void {
  const pixel = usize(channels) << 2;
  const windowRow = usize(kw) * pixel;
  for (let row = first; row < last; row++) {
    const line = row / outWidth;
    const image = line / outHeight;
    const left = (row - line * outWidth) * strideX - padLeft;
    const top = (line - image * outHeight) * strideY - padTop;
    const from = max(0, -left), to = min(kw, width - left);
    for (let i = 0; i < kh; i++) {
      const y = top + i;
      if (y >= 0 && y < height && from < to) {
        add(dx + (usize(image * height + y) * usize(width) + usize(left + from)) * pixel, windows + usize(from) * pixel, usize(to - from) * pixel);
      }
      windows += windowRow;
    }
  }
}

/** out[taps - 1 - t, column, row] = filter[t, row, column]: the filter whose convolution with dy is dx. rows and columns: any number. */
export function flipFilter(filter: usize, taps: i32, rows: i32, columns: i32, out: usize): void {
  const matrix = (usize(rows) * usize(columns)) << 2;
  for (let t = 0; t < taps; t++) transpose(filter + usize(t) * matrix, rows, columns, out + usize(taps - 1 - t) * matrix);
}

/** In tiles of 4 x 4, so that reads and writes are vectors. */
function transpose(from: usize, rows: i32, columns: i32, to: usize): void {
  const wide = usize(columns) << 2, high = usize(rows) << 2;
  const tiledRows = rows & ~3, tiledColumns = columns & ~3;
  for (let r = 0; r < tiledRows; r += 4) {
    for (let c = 0; c < tiledColumns; c += 4) {
      const p = from + usize(r) * wide + (usize(c) << 2);
      const a = v128.load(p), b = v128.load(p + wide), d = v128.load(p + 2 * wide), e = v128.load(p + 3 * wide);
      const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), de = v128.shuffle<f32>(d, e, 0, 4, 1, 5);
      const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7), deHigh = v128.shuffle<f32>(d, e, 2, 6, 3, 7);
      const q = to + usize(c) * high + (usize(r) << 2);
      v128.store(q, v128.shuffle<f32>(ab, de, 0, 1, 4, 5));
      v128.store(q + high, v128.shuffle<f32>(ab, de, 2, 3, 6, 7));
      v128.store(q + 2 * high, v128.shuffle<f32>(abHigh, deHigh, 0, 1, 4, 5));
      v128.store(q + 3 * high, v128.shuffle<f32>(abHigh, deHigh, 2, 3, 6, 7));
    }
  }
  for (let r = 0; r < rows; r++) {
    for (let c = r < tiledRows ? tiledColumns : 0; c < columns; c++) store<f32>(to + usize(c) * high + (usize(r) << 2), load<f32>(from + usize(r) * wide + (usize(c) << 2)));
  }
}

/** out[i] += x[i] for n values. */
export function addTo(out: usize, x: usize, n: i32): void {
  add(out, x, usize(n) << 2);
}

export function clear(p: usize, bytes: usize): void {
  memory.fill(p, 0, bytes);
}

/** A loop of vectors is faster than the engine's call for memory.copy below some hundred bytes. */
@inline
function copy(to: usize, from: usize, bytes: usize): void {
  if (bytes > 1024) {
    memory.copy(to, from, bytes);
    return;
  }
  const vectors = bytes & ~15;
  let o: usize = 0;
  for (; o < vectors; o += 16) v128.store(to + o, v128.load(from + o));
  for (; o < bytes; o += 4) store<f32>(to + o, load<f32>(from + o));
}

@inline
function add(to: usize, from: usize, bytes: usize): void {
  const vectors = bytes & ~15;
  let o: usize = 0;
  for (; o < vectors; o += 16) v128.store(to + o, f32x4.add(v128.load(to + o), v128.load(from + o)));
  for (; o < bytes; o += 4) store<f32>(to + o, load<f32>(to + o) + load<f32>(from + o));
}
