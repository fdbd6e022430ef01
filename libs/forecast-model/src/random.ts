import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/**
 * Independent random deviates from one stream: the generator xoroshiro128+ (Blackman & Vigna 2018). Its first numbers are
 * skipped, because they hardly differ between neighbouring seeds. Many deviates are drawn at a time into an array, because V8
 * allocates memory for each number that a function returns.
 */
export class Deviates {
  readonly #generator: RandomGenerator;

  /** @param seed 0 to 2^32 - 1. */
  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
    for (let i = 0; i < 64; i++) this.#generator.next();
  }

  /** Uniform, above 0 and below 1. */
  uniform(into: Float64Array, count: number): void {
    const generator = this.#generator;
    for (let i = 0; i < count; i++) into[i] = ((generator.next() >>> 0) + 0.5) * step;
  }

  /** Normal with mean 0 and standard deviation 1: the polar method of Marsaglia & Bray (1964), two at a time. */
  normal(into: Float64Array, count: number): void {
    const generator = this.#generator;
    for (let i = 0; i < count;) {
      const x = 2 * ((generator.next() >>> 0) + 0.5) * step - 1;
      const y = 2 * ((generator.next() >>> 0) + 0.5) * step - 1;
      const square = x * x + y * y;
      if (square >= 1) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      into[i++] = x * scale;
      if (i < count) into[i++] = y * scale;
    }
  }
}

const step = 2 ** -32;

/**
 * The seed of a request that names none: 32-bit FNV-1a (RFC 9923) of "station start", such as "KCMH 2026-11-23".
 * @returns 0 to 2^32 - 1.
 */
export function seedFrom(station: string, start: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(`${station} ${start}`)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
