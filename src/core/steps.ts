/** Work in pieces: whoever does it may leave off between two of them. */
export type Steps<T = void> = Generator<void, T>

/** Does all of it at once. */
export function doAll<T>(steps: Steps<T>): T {
  let step = steps.next()
  while (step.done !== true) step = steps.next()
  return step.value
}
