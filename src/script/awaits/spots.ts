import type { AnyNode } from 'acorn'
import { WAITING_METHODS } from '../supported.ts'
import { calleeOf, connectCalls, isCallable } from './call-edges.ts'
import type { CallSite } from './call-edges.ts'
import { WAITING_API } from './flow.ts'
import type { Flow, FlowNode, FlowValue } from './flow.ts'
import { iteratedBy } from './iterated.ts'
import type { FunctionNode } from './syntax.ts'
import { connectValues } from './value-edges.ts'
import { ITERATOR, memberName } from './values.ts'
import type { Values } from './values.ts'

/** A piece of the script that waits when what it calls or runs through waits. */
export type Spot =
  | { readonly kind: 'call'; readonly node: CallSite['node']; readonly call: CallSite }
  | { readonly kind: 'iteration'; readonly node: AnyNode; readonly iterable: AnyNode }

/** Finds what may wait because of what, over the whole module. */
export class Spots {
  readonly constructed: ReadonlySet<FunctionNode>
  readonly #flow: Flow
  readonly #waiting: Spot[] = []
  readonly #callers = new Map<FunctionNode, Spot[]>()
  readonly #consumers = new Map<FunctionNode, Spot[]>()
  /** Spots that may reach whatever lies in an object or a collection. */
  readonly #callAny: Spot[] = []
  readonly #consumeAny: Spot[] = []

  constructor(values: Values) {
    this.#flow = values.flow
    connectValues(values)
    const { calls, constructed } = connectCalls(values)
    this.#flow.settle()
    this.constructed = constructed
    for (const call of calls) this.#indexCall(values, call)
    const { bindings } = values
    for (const node of bindings.syntax.nodes) {
      const iterable = iteratedBy(bindings, node)
      if (iterable) this.#indexIteration(values, iterable, { kind: 'iteration', node, iterable })
    }
  }

  /** Calls of k6's own functions that wait, by name or as a value. */
  waitingForApi(): readonly Spot[] {
    const isKept = this.#flow.any.values.has(WAITING_API)
    return isKept ? [...this.#waiting, ...this.#takeAny(this.#callAny)] : this.#waiting
  }

  /** Spots that may wait once `fn` does. */
  waitingFor(fn: FunctionNode): readonly Spot[] {
    const exact = (fn.generator ? this.#consumers : this.#callers).get(fn) ?? []
    const isKept = fn.generator ? this.#keepsObjectOf(fn) : this.#flow.any.values.has(fn)
    return isKept ? [...exact, ...this.#takeAny(fn.generator ? this.#consumeAny : this.#callAny)] : exact
  }

  /** Calls that may reach `fn` itself. */
  callersOf(fn: FunctionNode): readonly Spot[] {
    return this.#callers.get(fn) ?? []
  }

  /** They wait from the first time on, so that they are given once. */
  #takeAny(spots: Spot[]): Spot[] {
    return spots.splice(0)
  }

  #keepsObjectOf(fn: FunctionNode): boolean {
    for (const value of this.#flow.any.values) {
      if (value !== WAITING_API && 'madeBy' in value && value.madeBy === fn) return true
    }
    return false
  }

  #indexCall(values: Values, call: CallSite): void {
    const spot: Spot = { kind: 'call', node: call.node, call }
    if (call.api) {
      if (call.api.waits) this.#waiting.push(spot)
      return
    }
    if (callsWaitingMethod(call.node)) this.#waiting.push(spot)
    this.#indexCallee(call.callee, spot)
    const { callback, iterable } = call.loop ?? {}
    if (callback) this.#indexCallee(values.evaluate(callback), spot)
    if (iterable) this.#indexIteration(values, iterable, spot)
  }

  #indexCallee(callee: FlowNode, spot: Spot): void {
    if (callee.holdsAny) this.#callAny.push(spot)
    for (const value of callee.values) {
      if (value === WAITING_API) this.#waiting.push(spot)
      else if (isCallable(value)) append(this.#callers, value, spot)
    }
  }

  #indexIteration(values: Values, iterable: AnyNode, spot: Spot): void {
    this.#indexGenerators(values.evaluate(iterable), spot)
    for (const method of values.property(ITERATOR).values) {
      if (!isCallable(method)) continue
      append(method.generator ? this.#consumers : this.#callers, method, spot)
      if (!method.generator) this.#indexIterator(values, method, spot)
    }
  }

  /** What a method gives that is stored under `Symbol.iterator`: a generator object, or an iterator written by hand. */
  #indexIterator(values: Values, method: FunctionNode, spot: Spot): void {
    this.#indexGenerators(values.returned(method), spot)
    for (const name of ['next', 'return']) {
      for (const step of values.property(name).values) if (isCallable(step)) append(this.#callers, step, spot)
    }
  }

  #indexGenerators(iterable: FlowNode, spot: Spot): void {
    if (iterable.holdsAny) this.#consumeAny.push(spot)
    for (const value of iterable.values) {
      if (value !== WAITING_API && !isCallable(value)) append(this.#consumers, value.madeBy, spot)
    }
  }
}

/** Whose method it is only run time knows; another one of the same name is not waited for. */
function callsWaitingMethod(node: CallSite['node']): boolean {
  const callee = calleeOf(node)
  return callee.type === 'MemberExpression' && WAITING_METHODS.includes(memberName(callee) ?? '')
}

function append(map: Map<FunctionNode, Spot[]>, key: FlowValue & FunctionNode, spot: Spot): void {
  const list = map.get(key)
  if (list) list.push(spot)
  else map.set(key, [spot])
}
