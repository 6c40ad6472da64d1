import type { FunctionNode } from './syntax.ts'

/** A function of k6 that waits, used as a value. */
export const WAITING_API: unique symbol = Symbol('waiting function of k6')

/** The object that a call of a generator returns. */
export interface GeneratorObject {
  readonly madeBy: FunctionNode
}

/** What of a value matters to the call graph: which function it is, or which generator it came from. */
export type FlowValue = FunctionNode | GeneratorObject | typeof WAITING_API

type Listener = (value: FlowValue) => void

/**
 * A spot that values flow through: a variable, all properties of one name, the results of a function. Order, objects
 * and conditions are ignored, so that it holds everything that may ever come by (Feldthaus et al., "Efficient
 * construction of approximate call graphs for JavaScript IDE services", ICSE 2013).
 */
export class FlowNode {
  readonly values: Set<FlowValue> = new Set()
  /** Whether anything that lies in some object, array or native collection may come by too. */
  holdsAny = false
  readonly targets: Set<FlowNode> = new Set()
  readonly listeners: Listener[] = []
  readonly anyListeners: (() => void)[] = []
}

/** Carries values along the edges between nodes until nothing changes. */
export class Flow {
  /** Everything that lies where it can be got at by a name which is only known at run time. */
  readonly any: FlowNode = new FlowNode()
  readonly #queue: (() => void)[] = []

  add(node: FlowNode, value: FlowValue): void {
    // What may hold anything need not list what lies about anyway; this keeps large bundles fast.
    if (node.values.has(value) || (node.holdsAny && this.any.values.has(value))) return
    node.values.add(value)
    this.#queue.push(() => {
      for (const target of node.targets) this.add(target, value)
    })
    for (const listener of node.listeners) this.#queue.push(() => listener(value))
  }

  addAny(node: FlowNode): void {
    if (node.holdsAny || node === this.any) return
    node.holdsAny = true
    this.#queue.push(
      () => {
        for (const target of node.targets) this.addAny(target)
      },
      ...node.anyListeners,
    )
  }

  connect(from: FlowNode, to: FlowNode): void {
    if (from === to || from.targets.has(to)) return
    from.targets.add(to)
    for (const value of from.values) this.add(to, value)
    if (from.holdsAny) this.addAny(to)
  }

  /** Calls back for each value that comes by the node, and once for anything. To be used before `settle`. */
  listen(node: FlowNode, listener: Listener, anyListener?: () => void): void {
    node.listeners.push(listener)
    for (const value of node.values) listener(value)
    if (anyListener === undefined) return
    node.anyListeners.push(anyListener)
    if (node.holdsAny) anyListener()
  }

  settle(): void {
    for (let step = this.#queue.pop(); step; step = this.#queue.pop()) step()
  }
}
