import { claimWait, settled } from './wait-frame.ts'

/** Yields what may be a wait, and goes on with what it came to. */
export type Steps = Generator<unknown, unknown, unknown>

/** Whether a yielded value is no element but a wait of the generator. */
export type IsMarker = (value: unknown) => boolean

export function isGeneratorObject(value: unknown): value is Steps {
  return Object.prototype.toString.call(value) === '[object Generator]'
}

/** Waits, and goes on with the result or the error. */
export async function resume(
  steps: Iterator<unknown, unknown, unknown>,
  wait: Promise<unknown>,
): Promise<IteratorResult<unknown, unknown>> {
  let value: unknown
  try {
    value = settled(await wait)
  } catch (error) {
    if (steps.throw === undefined) throw error
    return steps.throw(error)
  }
  return steps.next(value)
}

/** The first `count` elements, and then closes the generator, as a pattern `[a, b] = …` does. */
export function* takeSteps(count: number, generator: Steps, isMarker: IsMarker): Steps {
  const elements: unknown[] = []
  if (count === 0) return elements
  let step = generator.next()
  while (step.done !== true) {
    if (isMarker(step.value)) {
      step = yield* pass(generator, step.value)
      continue
    }
    elements.push(step.value)
    if (elements.length === count) break
    step = generator.next()
  }
  if (step.done !== true) yield* closeSteps(generator, isMarker)
  return elements
}

/** Hands a wait of `generator` on to whoever runs these steps. */
export function* pass(
  generator: Iterator<unknown, unknown, unknown>,
  marker: unknown,
): Generator<unknown, IteratorResult<unknown, unknown>, unknown> {
  let value: unknown
  try {
    value = yield marker
  } catch (error) {
    if (generator.throw === undefined) throw error
    return generator.throw(error)
  }
  return generator.next(value)
}

/** Ends an iteration early; what is left to do in the generator may wait too. */
export function* closeSteps(
  iterator: Iterator<unknown, unknown, unknown>,
  isMarker: IsMarker,
): Generator<unknown, void, unknown> {
  let step = iterator.return?.()
  while (step && step.done !== true && isMarker(step.value)) step = yield* pass(iterator, step.value)
}

/** The elements of any iterable, each in an object of its own; waits of generators are waited for on the way. */
export async function* sequence(
  iterable: Iterable<unknown>,
  isMarker: IsMarker,
): AsyncGenerator<{ value: unknown }, void, undefined> {
  const iterator: Iterator<unknown, unknown, unknown> = iterable[Symbol.iterator]()
  let isOpen = false
  try {
    let step = iterator.next()
    while (step.done !== true) {
      const wait = isMarker(step.value) ? claimWait(step.value) : undefined
      if (wait) {
        step = await resume(iterator, wait)
        continue
      }
      isOpen = true
      yield { value: step.value }
      isOpen = false
      step = iterator.next()
    }
  } finally {
    if (isOpen) await close(iterator, isMarker)
  }
}

async function close(iterator: Iterator<unknown, unknown, unknown>, isMarker: IsMarker): Promise<void> {
  const steps = closeSteps(iterator, isMarker)
  let step = steps.next()
  while (step.done !== true) {
    const wait = claimWait(step.value)
    if (wait) step = (await resume(steps, wait)) as IteratorResult<unknown, void>
    else return
  }
}
