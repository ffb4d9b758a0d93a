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
