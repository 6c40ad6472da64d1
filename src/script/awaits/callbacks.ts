import type { AnyNode, CallExpression } from 'acorn'
import { memberName } from './values.ts'

/** A call that may be one of the language's own loops over a collection, which calls a function for each element. */
export interface CallbackMethod {
  /** `map`, `forEach`, …, or `from` for `Array.from`. */
  readonly name: string
  readonly callback: AnyNode | undefined
  /** What `Array.from` runs through. */
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

/** `undefined` for other calls, and for `?.` forms, which are left to run as they stand. */
export function callbackMethod(call: CallExpression): CallbackMethod | undefined {
  const { callee } = call
  const [first, second] = call.arguments
  const isPlain = callee.type === 'MemberExpression' && !callee.optional && !callee.computed && !call.optional
  if (!isPlain || callee.object.type === 'Super' || first === undefined) return undefined
  if (call.arguments.some(({ type }) => type === 'SpreadElement')) return undefined
  const name = memberName(callee) ?? ''
  const loop = { name, receiver: callee.object, property: callee.property }
  if (LOOPS.has(name)) return { ...loop, callback: first, iterable: undefined }
  return name === 'from' && isArrayItself(callee.object)
    ? { ...loop, callback: second, iterable: first }
    : undefined
}

function isArrayItself(node: AnyNode): boolean {
  return node.type === 'Identifier' && node.name === 'Array'
}
