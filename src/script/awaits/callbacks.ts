import type { AnyNode, CallExpression } from 'acorn'
import { memberName } from './values.ts'

/**
 * A call that may be one of the language's own loops over a collection, which calls a function for each element, or a
 * step of a generator.
 */
export interface CallbackMethod {
  /** `map`, `forEach`, …, `from` for `Array.from`, `next` of a generator. */
  readonly name: string
  readonly callback: AnyNode | undefined
  /** What `Array.from` runs through, or `next` steps through. */
  readonly iterable: AnyNode | undefined
  readonly receiver: AnyNode
  readonly property: AnyNode
}

/** The loops that have a waiting twin in `waiting-loops.ts`. */
const LOOPS: ReadonlySet<string> = new Set([
  'forEach',
  'map',
  'filter',
  'flatMap',
  'some',
  'every',
  'find',
  'findIndex',
  'findLast',
  'findLastIndex',
  'reduce',
  'reduceRight',
])

/** Steps of a generator. */
const STEPS: ReadonlySet<string> = new Set(['next', 'return', 'throw'])

/** `undefined` for other calls, and for `?.` forms, which are left to run as they stand. */
export function callbackMethod(call: CallExpression): CallbackMethod | undefined {
  const { callee } = call
  const isPlain = callee.type === 'MemberExpression' && !callee.optional && !callee.computed && !call.optional
  if (!isPlain || callee.object.type === 'Super') return undefined
  if (call.arguments.some(({ type }) => type === 'SpreadElement')) return undefined
  const name = memberName(callee) ?? ''
  const does = whatItDoes(name, callee.object, call.arguments)
  return does && { name, receiver: callee.object, property: callee.property, ...does }
}

function whatItDoes(
  name: string,
  receiver: AnyNode,
  [first, second]: readonly AnyNode[],
): Pick<CallbackMethod, 'callback' | 'iterable'> | undefined {
  if (STEPS.has(name)) return { callback: undefined, iterable: receiver }
  if (first === undefined) return undefined
  if (LOOPS.has(name)) return { callback: first, iterable: undefined }
  return name === 'from' && isArrayItself(receiver) ? { callback: second, iterable: first } : undefined
}

function isArrayItself(node: AnyNode): boolean {
  return node.type === 'Identifier' && node.name === 'Array'
}
