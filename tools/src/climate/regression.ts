import { Matrix, solve } from "ml-matrix";

/** Least squares: the weights w that minimize the sum of (y - w·x)². Rows are added one by one, without a long matrix. */
export class Regression {
  readonly #products: Matrix;
  readonly #targets: Matrix;
  /** Rows gathered so far. */
  rows = 0;

  /** @param width Number of values in a row x. */
  constructor(width: number) {
    this.#products = Matrix.zeros(width, width);
    this.#targets = Matrix.zeros(width, 1);
  }

  /** Adds a row. A row with a missing value (NaN) is left out. */
  add(x: readonly number[], y: number, weight = 1): void {
    if (Number.isNaN(y) || x.some(Number.isNaN)) return;
    this.rows++;
    x.forEach((left, i) => {
      this.#targets.set(i, 0, this.#targets.get(i, 0) + weight * left * y);
      x.forEach((right, j) => this.#products.set(i, j, this.#products.get(i, j) + weight * left * right));
    });
  }

  /** @throws Error when there are fewer rows than weights. */
  weights(): number[] {
    if (this.rows < this.#products.rows) {
      throw new Error(`too few observations: ${this.rows} for ${this.#products.rows} weights`);
    }
    return solve(this.#products, this.#targets).to1DArray();
  }
}
