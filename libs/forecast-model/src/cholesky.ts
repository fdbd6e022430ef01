/** A lower triangular matrix, packed row by row: row i begins at i (i + 1) / 2. */
export type Triangle = Float64Array;

/** Where row i of a packed lower triangle begins. */
export const rowStart = (i: number) => (i * (i + 1)) / 2;

/** Smallest pivot. Rounding could make smaller ones negative. */
const leastPivot = 1e-6;

/**
 * Cholesky's factor L of a covariance matrix, L Lᵀ = matrix, in place of its lower triangle.
 * @param size Rows of the matrix.
 */
export function factorize(matrix: Triangle, size: number): Triangle {
  for (let i = 0; i < size; i++) {
    const ri = rowStart(i);
    for (let j = 0; j <= i; j++) {
      const rj = rowStart(j);
      let sum = matrix[ri + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[ri + k]! * matrix[rj + k]!;
      matrix[ri + j] = i === j ? Math.sqrt(Math.max(sum, leastPivot)) : sum / matrix[rj + j]!;
    }
  }
  return matrix;
}

/** Solves L x = b in place of b. */
export function forwardSolve(factor: Triangle, b: Float64Array): Float64Array {
  for (let i = 0; i < b.length; i++) {
    const row = rowStart(i);
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= factor[row + k]! * b[k]!;
    b[i] = sum / factor[row + i]!;
  }
  return b;
}
