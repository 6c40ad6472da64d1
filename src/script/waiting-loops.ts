import { closeSteps, isGeneratorObject, openSteps, settleStep } from './waiting-iteration.ts'
import type { IsMarker, Steps } from './waiting-iteration.ts'

type Callback = (this: unknown, ...args: unknown[]) => unknown
type Loop = (items: readonly unknown[], callback: Callback, rest: readonly unknown[]) => Steps

/** Methods by which a script runs through a generator by hand. */
const BY_HAND = ['next', 'return', 'throw'] as const

/**
 * The steps of `receiver[name](...args)`, yielding what each callback returned.
 *
 * @returns `undefined` when that is not one of the language's own methods, or when it has nothing to call: then the method itself is to be called
 */
export function loopSteps(
  name: string,
  receiver: unknown,
  args: readonly unknown[],
  isMarker: IsMarker,
): Steps | undefined {
  if (name === 'from') return receiver === Array ? fromSteps(args, isMarker) : undefined
  const byHand = BY_HAND.find((method) => method === name)
  if (byHand !== undefined) {
    return isGeneratorObject(receiver) ? settleStep(receiver, receiver[byHand](args[0]), isMarker) : undefined
  }
  const [callback, ...rest] = args
  if (!isCallback(callback)) return undefined
  if (name === 'forEach' && isCollection(receiver)) return forEachEntry(receiver, callback, rest[0])
  const isArray = Array.isArray(receiver) && receiver.constructor === Array
  if (!isArray || ownMethod(receiver, name) !== ownMethod(Array.prototype, name)) return undefined
  return LOOPS[name]?.(receiver, callback, rest)
}

type Collection = Map<unknown, unknown> | Set<unknown>

function isCallback(value: unknown): value is Callback {
  return typeof value === 'function'
}

function ownMethod(object: object, name: string): unknown {
  return Reflect.get(object, name)
}

function isCollection(value: unknown): value is Collection {
  return (
    (value instanceof Map && value.forEach === Map.prototype.forEach) ||
    (value instanceof Set && value.forEach === Set.prototype.forEach)
  )
}

function* forEachEntry(collection: Collection, callback: Callback, self: unknown): Steps {
  for (const [key, value] of collection.entries()) yield callback.call(self, value, key, collection)
  return undefined
}

/** Array methods as the language defines them: the length is read first, and all but the `find`s skip holes. */
const LOOPS: Readonly<Record<string, Loop>> = {
  *forEach(items, callback, [self]) {
    for (const index of indices(items)) yield callback.call(self, items[index], index, items)
    return undefined
  },
  *map(items, callback, [self]) {
    const mapped = Array.from<unknown>({ length: 0 })
    mapped.length = items.length
    for (const index of indices(items)) mapped[index] = yield callback.call(self, items[index], index, items)
    return mapped
  },
  *filter(items, callback, [self]) {
    const kept: unknown[] = []
    for (const index of indices(items)) {
      const item = items[index]
      if (yield callback.call(self, item, index, items)) kept.push(item)
    }
    return kept
  },
  *flatMap(items, callback, [self]) {
    const flat: unknown[] = []
    for (const index of indices(items)) {
      const result = yield callback.call(self, items[index], index, items)
      if (Array.isArray(result)) result.forEach((item) => flat.push(item))
      else flat.push(result)
    }
    return flat
  },
  *some(items, callback, [self]) {
    for (const index of indices(items)) if (yield callback.call(self, items[index], index, items)) return true
    return false
  },
  *every(items, callback, [self]) {
    for (const index of indices(items))
      if (!(yield callback.call(self, items[index], index, items))) return false
    return true
  },
  *find(items, callback, [self]) {
    for (let index = 0, { length } = items; index < length; index++) {
      const item = items[index]
      if (yield callback.call(self, item, index, items)) return item
    }
    return undefined
  },
  *findIndex(items, callback, [self]) {
    for (let index = 0, { length } = items; index < length; index++) {
      if (yield callback.call(self, items[index], index, items)) return index
    }
    return -1
  },
  *findLast(items, callback, [self]) {
    for (let index = items.length - 1; index >= 0; index--) {
      const item = items[index]
      if (yield callback.call(self, item, index, items)) return item
    }
    return undefined
  },
  *findLastIndex(items, callback, [self]) {
    for (let index = items.length - 1; index >= 0; index--) {
      if (yield callback.call(self, items[index], index, items)) return index
    }
    return -1
  },
  reduce: (items, callback, rest) => reduceSteps(items, indices(items), callback, rest),
  reduceRight: (items, callback, rest) => reduceSteps(items, indicesFromEnd(items), callback, rest),
}

function* reduceSteps(
  items: readonly unknown[],
  order: Iterator<number, undefined>,
  callback: Callback,
  rest: readonly unknown[],
): Steps {
  let total = rest[0]
  if (rest.length === 0) {
    const first = order.next()
    if (first.done === true) throw new TypeError('Reduce of empty array with no initial value')
    total = items[first.value]
  }
  for (let next = order.next(); next.done !== true; next = order.next()) {
    total = yield callback.call(undefined, total, items[next.value], next.value, items)
  }
  return total
}

/** The indices below the length at the beginning that hold something when their turn comes. */
function* indices(items: readonly unknown[]): Generator<number, undefined> {
  for (let index = 0, { length } = items; index < length; index++) if (index in items) yield index
}

function* indicesFromEnd(items: readonly unknown[]): Generator<number, undefined> {
  for (let index = items.length - 1; index >= 0; index--) if (index in items) yield index
}

/** `Array.from(source, callback?, self?)`; the source may be a generator that waits. */
function fromSteps([source, callback, self]: readonly unknown[], isMarker: IsMarker): Steps | undefined {
  if (callback !== undefined && !isCallback(callback)) return undefined
  const change = callback && ((value: unknown, index: number) => callback.call(self, value, index))
  if (isIterable(source)) return fromIterable(source, change, isMarker)
  return change && source !== undefined && source !== null
    ? LOOPS['map']?.(Array.from(source as ArrayLike<unknown>), change as Callback, [])
    : undefined
}

function isIterable(source: unknown): source is Iterable<unknown> {
  return typeof (source as Partial<Iterable<unknown>> | null | undefined)?.[Symbol.iterator] === 'function'
}

type Change = ((value: unknown, index: number) => unknown) | undefined

function* fromIterable(source: Iterable<unknown>, change: Change, isMarker: IsMarker): Steps {
  const items: unknown[] = []
  const iterator = yield* openSteps(source)
  for (;;) {
    const step = yield* settleStep(iterator, iterator.next(), isMarker)
    if (step.done === true) return items
    items.push(change ? yield* changed(iterator, change, step.value, items.length, isMarker) : step.value)
  }
}

function* changed(
  iterator: Iterator<unknown, unknown, unknown>,
  change: NonNullable<Change>,
  value: unknown,
  index: number,
  isMarker: IsMarker,
): Steps {
  try {
    return yield change(value, index)
  } catch (error) {
    yield* closeSteps(iterator, isMarker)
    throw error
  }
}
