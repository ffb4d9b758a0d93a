import { addLines, LINES, perChannel, type ChannelLayout } from './channel-sums.js';
import { bindings, perElement } from './programs.js';

/**
 * WGSL: mean and sum of squared deviations of each part, `[parts, C]` each. Deviations from the part's first row are
 * summed: their sums lose no digits to a large mean.
 */
export const momentsSource = (layout: ChannelLayout): string => `
${bindings(layout.type, 'x', '=means', '=squares')}
${perChannel(
  layout,
  3,
  `
  let start = group.x * s.rowsAPart;
  let end = min(start + s.rowsAPart, s.rows);
  var first = ${layout.type}(0);
  var second = ${layout.type}(0);
  var origin = ${layout.type}(0);
  if (inside) {
    origin = x[start * s.units + unit];
    for (var row = start + line; row < end; row += ${LINES}u) {
      let deviation = x[row * s.units + unit] - origin;
      first += deviation;
      second += deviation * deviation;
    }
  }${addLines}
  if (inside && line == 0u) {
    let mean = sums1[at] / f32(end - start);
    means[group.x * s.units + unit] = origin + mean;
    squares[group.x * s.units + unit] = sums2[at] - sums1[at] * mean;
  }`,
)}`;

/**
 * WGSL: mean, biased variance and 1 / sqrt(variance + epsilon) from the parts' moments (Chan, Golub and LeVeque 1983).
 */
export const statisticsSource = (layout: ChannelLayout, epsilon: number): string => `
${bindings(layout.type, 'means', 'squares', '=mean', '=variance', '=inverse')}
fn rowsOf(part: u32) -> f32 { return f32(min(s.rowsAPart, s.rows - part * s.rowsAPart)); }
${perChannel(
  layout,
  5,
  `
  var first = ${layout.type}(0);
  var second = ${layout.type}(0);
  let origin = means[min(unit, s.units - 1u)];
  if (inside) {
    for (var part = line; part < s.parts; part += ${LINES}u) {
      let deviation = means[part * s.units + unit] - origin;
      first += deviation * rowsOf(part);
      second += squares[part * s.units + unit] + deviation * deviation * rowsOf(part);
    }
  }${addLines}
  if (inside && line == 0u) {
    let shift = sums1[at] / f32(s.rows);
    let spread = max((sums2[at] - sums1[at] * shift) / f32(s.rows), ${layout.type}(0));
    mean[unit] = origin + shift;
    variance[unit] = spread;
    inverse[unit] = 1.0 / sqrt(spread + ${epsilon});
  }`,
)}`;

/** WGSL: y = [max 0] ((x - mean) * inverse * scale + shift [+ residual]). */
export const normaliseSource = (layout: ChannelLayout, residual: boolean, relu: boolean): string => `
${bindings(layout.type, 'x', 'mean', 'inverse', 'scale', 'shift', '=y', ...(residual ? ['residual'] : []))}
${perElement(`  if (i >= arrayLength(&x)) { return; }
  let c = i % arrayLength(&mean);
  let value = fma(x[i] - mean[c], inverse[c] * scale[c], shift[c])${residual ? ' + residual[i]' : ''};
  y[i] = ${relu ? `max(value, ${layout.type}(0))` : 'value'};`)}`;

/** WGSL: dy where y > 0, else 0. */
const passed = (layout: ChannelLayout, relu: boolean, index: string): string =>
  relu ? `select(${layout.type}(0), dy[${index}], y[${index}] > ${layout.type}(0))` : `dy[${index}]`;

/** WGSL: of each part, the sums of g and of g (x - mean), where g is dy that passed the ReLU; `[parts, C]` each. */
export const gradientSumsSource = (layout: ChannelLayout, relu: boolean): string => `
${bindings(layout.type, 'dy', 'x', 'mean', '=sums', '=products', ...(relu ? ['y'] : []))}
${perChannel(
  layout,
  relu ? 6 : 5,
  `
  let start = group.x * s.rowsAPart;
  let end = min(start + s.rowsAPart, s.rows);
  var first = ${layout.type}(0);
  var second = ${layout.type}(0);
  if (inside) {
    for (var row = start + line; row < end; row += ${LINES}u) {
      let i = row * s.units + unit;
      let g = ${passed(layout, relu, 'i')};
      first += g;
      second += g * (x[i] - mean[unit]);
    }
  }${addLines}
  if (inside && line == 0u) {
    sums[group.x * s.units + unit] = sums1[at];
    products[group.x * s.units + unit] = sums2[at];
  }`,
)}`;

/** WGSL: gradients of scale and shift from the parts' sums, and the three factors of dx, `[3, C]`. */
export const gradientFactorsSource = (layout: ChannelLayout): string => `
${bindings(layout.type, 'sums', 'products', 'inverse', 'scale', '=dScale', '=dShift', '=factors')}
${perChannel(
  layout,
  7,
  `
  var first = ${layout.type}(0);
  var second = ${layout.type}(0);
  if (inside) {
    for (var part = line; part < s.parts; part += ${LINES}u) {
      first += sums[part * s.units + unit];
      second += products[part * s.units + unit];
    }
  }${addLines}
  if (inside && line == 0u) {
    let slope = scale[unit] * inverse[unit];
    dShift[unit] = sums1[at];
    dScale[unit] = sums2[at] * inverse[unit];
    factors[unit] = slope;
    factors[s.units + unit] = -slope * inverse[unit] * inverse[unit] * sums2[at] / f32(s.rows);
    factors[2u * s.units + unit] = -slope * sums1[at] / f32(s.rows);
  }`,
)}`;

/** WGSL: dx = g a + (x - mean) b + c; with `residual`, g too is written: the residual's gradient. */
export const inputGradientSource = (layout: ChannelLayout, relu: boolean, residual: boolean): string => `
${bindings(layout.type, 'dy', 'x', 'mean', 'factors', '=dx', ...(relu ? ['y'] : []), ...(residual ? ['=dResidual'] : []))}
${perElement(`  if (i >= arrayLength(&x)) { return; }
  let units = arrayLength(&mean);
  let c = i % units;
  let g = ${passed(layout, relu, 'i')};
  dx[i] = fma(g, factors[c], fma(x[i] - mean[c], factors[units + c], factors[2u * units + c]));${residual ? '\n  dResidual[i] = g;' : ''}`)}`;
