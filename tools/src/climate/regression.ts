import { Matrix, solve } from "ml-matrix";

/** Weights w that make the squares of y - w·x smallest, row by row gathered, so that long series need no long matrix. */
export class Regression {
  readonly #products: Matrix;
  readonly #targets: Matrix;
  /** Rows gathered so far. */
  rows = 0;

  /** @param width How many numbers a row x has. */
  constructor(width: number) {
    this.#products = Matrix.zeros(width, width);
    this.#targets = Matrix.zeros(width, 1);
  }

  /** Takes one more row; rows with a missing number (NaN) are left out. */
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
