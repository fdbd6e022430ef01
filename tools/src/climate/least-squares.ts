import { factorize, forwardSolve, rowStart } from "@weather/forecast-model/parts";

/** Relative step of the numerical derivative. */
const step = 1e-5;
/** The search ends when a step lowers the sum of squares by less than this share. */
const enough = 1e-5;

/**
 * Parameters that make a sum of squares smallest, found by the method of Levenberg (1944) and Marquardt (1963) with numerical derivatives.
 * @param residuals Of as many parameters as `begin` has.
 * @param scale How far each parameter may be expected to move.
 */
export function leastSquares(
  residuals: (parameters: Float64Array) => Float64Array,
  begin: Float64Array,
  scale: Float64Array,
  { iterations = 80, report = (_sum: number) => {} } = {},
): Float64Array {
  let best = begin;
  let at = residuals(best);
  let sum = squares(at);
  let damping = 1e-2;
  for (let iteration = 0; iteration < iterations; iteration++) {
    const { products, slope } = normalEquations(residuals, best, at, scale);
    let gained = 0;
    while (damping < 1e8) {
      const moved = move(products, slope, damping);
      const trial = best.map((value, i) => value + (scale[i] ?? 1) * (moved[i] ?? 0));
      const there = residuals(trial);
      gained = sum - squares(there);
      if (gained > 0) {
        [best, at, sum] = [trial, there, sum - gained];
        damping /= 5;
        break;
      }
      damping *= 4;
    }
    report(sum);
    if (gained < enough * sum) break;
  }
  return best;
}

const squares = (values: Float64Array) => values.reduce((total, value) => total + value * value, 0);

/** JᵀJ as a packed lower triangle, and -Jᵀr, of the parameters in units of their scale. */
function normalEquations(
  residuals: (parameters: Float64Array) => Float64Array,
  parameters: Float64Array,
  at: Float64Array,
  scale: Float64Array,
) {
  const columns = Array.from(parameters, (value, i) => {
    const moved = parameters.slice();
    moved[i] = value + step * (scale[i] ?? 1);
    const there = residuals(moved);
    return there.map((residual, k) => (residual - (at[k] ?? 0)) / step);
  });
  const products = new Float64Array(rowStart(columns.length));
  columns.forEach((column, i) => {
    for (let j = 0; j <= i; j++) products[rowStart(i) + j] = dot(column, columns[j] ?? column);
  });
  return { products, slope: Float64Array.from(columns, (column) => -dot(column, at)) };
}

/** Solves (JᵀJ + damping · diagonal) x = -Jᵀr. */
function move(products: Float64Array, slope: Float64Array, damping: number): Float64Array {
  const size = slope.length;
  const matrix = products.slice();
  for (let i = 0; i < size; i++) {
    const diagonal = rowStart(i) + i;
    matrix[diagonal] = (matrix[diagonal] ?? 0) * (1 + damping) + 1e-9;
  }
  const factor = factorize(matrix, size);
  return backwardSolve(factor, forwardSolve(factor, slope.slice()));
}

/** Solves Lᵀ x = b in place of b. */
export function backwardSolve(factor: Float64Array, b: Float64Array): Float64Array {
  for (let i = b.length - 1; i >= 0; i--) {
    let sum = b[i]!;
    for (let k = i + 1; k < b.length; k++) sum -= factor[rowStart(k) + i]! * b[k]!;
    b[i] = sum / factor[rowStart(i) + i]!;
  }
  return b;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
