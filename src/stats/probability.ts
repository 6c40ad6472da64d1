/** @throws RangeError unless `p` is in [0, 1]. */
export function assertProbability(p: number): void {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a probability must be in [0, 1], not ${p}`)
}
