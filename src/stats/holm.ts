/**
 * Holm's step-down adjustment: rejecting what is at most α afterwards keeps the chance of any false rejection in
 * the family at α, however the tests depend on each other. In the order of `pValues`.
 *
 * Source: S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of Statistics
 * 6, 1979.
 */
export function holm(pValues: readonly number[]): number[] {
  const adjusted = Array.from(pValues, () => 1)
  let largest = 0
  const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p)
  order.forEach(({ p, index }, rank) => {
    largest = Math.max(largest, Math.min(1, p * (pValues.length - rank)))
    adjusted[index] = largest
  })
  return adjusted
}
