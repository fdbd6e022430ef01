import { randomGamma, randomNormal } from "d3-random";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Independent random deviates, all drawn from one stream. */
export interface Deviates {
  /** Uniform, above 0 and below 1. */
  uniform(): number;
  /** Normal with mean 0 and standard deviation 1. */
  normal(): number;
  /** A source of gamma deviates with this shape and scale 1. */
  gamma(shape: number): () => number;
}

/**
 * The generator is xoroshiro128+ (Blackman & Vigna 2018). Its first numbers hardly differ between neighbouring seeds
 * and are thrown away.
 * @param seed 0 to 2^32 - 1.
 */
export function deviatesFrom(seed: number): Deviates {
  const generator = xoroshiro128plus(seed);
  for (let i = 0; i < 64; i++) generator.next();
  const uniform = () => ((generator.next() >>> 0) + 0.5) / 2 ** 32;
  const normal = randomNormal.source(uniform)(0, 1);
  const gammas = randomGamma.source(uniform);
  return { uniform, normal, gamma: (shape) => gammas(shape, 1) };
}

/**
 * The seed of a request that names none: 32-bit FNV-1a (RFC 9923) of "station start", such as "KCMH 2026-11-23".
 * @returns 0 to 2^32 - 1.
 */
export function seedFrom(station: string, start: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(`${station} ${start}`)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
