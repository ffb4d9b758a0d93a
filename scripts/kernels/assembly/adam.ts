// AssemblyScript. One Adam update of n float32 values.

/**
 * m = keep1 * m + take1 * g; v = keep2 * v + take2 * g^2; out = p - rate * m / (sqrt(v) * root + epsilon).
 * out may be p. The bias corrections are in rate and root.
 */
export function adam(p: usize, g: usize, m: usize, v: usize, out: usize, n: i32, keep1: f32, take1: f32, keep2: f32, take2: f32, rate: f32, root: f32, epsilon: f32): void {
  const keepM = f32x4.splat(keep1), takeM = f32x4.splat(take1), keepV = f32x4.splat(keep2), takeV = f32x4.splat(take2);
  const rates = f32x4.splat(rate), roots = f32x4.splat(root), epsilons = f32x4.splat(epsilon);
  const bytes = usize(n) << 2;
  const vectors = bytes & ~15;
  let o: usize = 0;
  for (; o < vectors; o += 16) {
    const gi = v128.load(g + o);
    const mi = f32x4.add(f32x4.mul(v128.load(m + o), keepM), f32x4.mul(gi, takeM));
    const vi = f32x4.add(f32x4.mul(v128.load(v + o), keepV), f32x4.mul(f32x4.mul(gi, gi), takeV));
    v128.store(m + o, mi);
    v128.store(v + o, vi);
    const change = f32x4.div(f32x4.mul(mi, rates), f32x4.add(f32x4.mul(f32x4.sqrt(vi), roots), epsilons));
    v128.store(out + o, f32x4.sub(v128.load(p + o), change));
  }
  for (; o < bytes; o += 4) {
    const gi = load<f32>(g + o);
    const mi = load<f32>(m + o) * keep1 + gi * take1;
    const vi = load<f32>(v + o) * keep2 + gi * gi * take2;
    store<f32>(m + o, mi);
    store<f32>(v + o, vi);
    store<f32>(out + o, load<f32>(p + o) - (mi * rate) / (sqrt<f32>(vi) * root + epsilon));
  }
}
