import { InvalidArgumentError } from 'commander'

/** Every step is a request name in the files, and those hold 200. */
const MAX_STEPS = 100
/** More than any system lets one process open. */
const MAX_CONNECTIONS = 1_000_000

const RANGE = /^(\d+)\.\.(\d+)(x|\+)(\d+(?:\.\d+)?)$/

/**
 * Reads the connections of the steps: `10`, `1,2,4,8`, `1..64x2` (from 1, times 2 each) or `10..50+10` (10 more each).
 * A range ends with its second number, whether its steps meet it or not.
 *
 * @throws InvalidArgumentError unless they are whole, at least 1 and increasing, and at most 100.
 */
export function connectionSteps(text: string): number[] {
  const range = RANGE.exec(text)
  const steps = range === null ? text.split(',').map(wholeNumber) : rangeSteps(range)
  const isIncreasing = steps.every((step, index) => step > (steps[index - 1] ?? 0))
  if (!isIncreasing || (steps.at(-1) ?? 0) > MAX_CONNECTIONS) throw refusal()
  if (steps.length > MAX_STEPS) {
    throw new InvalidArgumentError(`it takes at most ${MAX_STEPS} steps.`)
  }
  return steps
}

function wholeNumber(text: string): number {
  return /^\d+$/.test(text.trim()) ? Number(text) : NaN
}

/** At most one more than are allowed, so that a range such as 1..1000000+1 costs nothing. */
function rangeSteps([, fromText, toText, sign, byText]: RegExpExecArray): number[] {
  const [from, to, by] = [Number(fromText), Number(toText), Number(byText)]
  const grows = sign === 'x' ? by > 1 : by >= 1
  if (!grows || from < 1 || from > to) throw refusal()
  const steps: number[] = []
  for (let step = from; step < to && steps.length < MAX_STEPS;) {
    steps.push(step)
    step = Math.max(step + 1, Math.round(sign === 'x' ? step * by : step + by))
  }
  return [...steps, to]
}

function refusal(): InvalidArgumentError {
  return new InvalidArgumentError(
    'it takes connections from 1, increasing: 10, or 1,2,4,8, or 1..64x2 (times 2 each), or 10..50+10 (10 more each).',
  )
}
