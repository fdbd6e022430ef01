import { CholeskyDecomposition, Matrix } from "ml-matrix";

/** Relative step of the numerical derivative. */
const step = 1e-5;
/** The search ends when a step lowers the sum of squares by less than this share. */
const enough = 1e-5;
/** Steps at most. */
const iterations = 80;

/**
 * Parameters that make a sum of squares smallest, found by the method of Levenberg (1944) and Marquardt (1963) with numerical derivatives.
 * @param residuals Of as many parameters as `begin` has.
 * @param scale How far each parameter may be expected to move.
 */
export function leastSquares(
  residuals: (parameters: Float64Array) => Float64Array,
  begin: Float64Array,
  scale: Float64Array,
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
      const trial = best.map((value, i) => value + scale[i]! * moved[i]!);
      const there = residuals(trial);
      gained = sum - squares(there);
      if (gained > 0) {
        [best, at, sum] = [trial, there, sum - gained];
        damping /= 5;
        break;
      }
      damping *= 4;
    }
    if (gained < enough * sum) break;
  }
  return best;
}

const squares = (values: Float64Array) => values.reduce((total, value) => total + value * value, 0);

/** JᵀJ and -Jᵀr of the parameters in units of their scale. */
function normalEquations(
  residuals: (parameters: Float64Array) => Float64Array,
  parameters: Float64Array,
  at: Float64Array,
  scale: Float64Array,
) {
  const derivatives = Array.from(parameters, (value, i) => {
    const moved = parameters.slice();
    moved[i] = value + step * scale[i]!;
    return residuals(moved).map((residual, k) => (residual - at[k]!) / step);
  });
  const transposed = new Matrix(derivatives);
  return {
    products: transposed.mmul(transposed.transpose()),
    slope: transposed.mmul(Matrix.columnVector(at)).neg(),
  };
}

/** Solves (JᵀJ + damping · diagonal) x = -Jᵀr. */
function move(products: Matrix, slope: Matrix, damping: number): number[] {
  const matrix = products.clone();
  products.diagonal().forEach((value, i) => matrix.set(i, i, value * (1 + damping) + 1e-9));
  return new CholeskyDecomposition(matrix).solve(slope).to1DArray();
}
