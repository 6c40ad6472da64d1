import type { AnyNode, CallExpression, NewExpression, TaggedTemplateExpression } from 'acorn'
import { callbackMethod } from './callbacks.ts'
import type { CallbackMethod } from './callbacks.ts'
import { FlowNode, WAITING_API } from './flow.ts'
import type { FlowValue } from './flow.ts'
import { isFunction } from './syntax.ts'
import type { FunctionNode } from './syntax.ts'
import { isNativeName, memberName } from './values.ts'
import type { Values } from './values.ts'

type CallNode = CallExpression | TaggedTemplateExpression

/** A call in the script and what it may call. */
export interface CallSite {
  readonly node: CallNode
  /** A function of k6, called by its name. */
  readonly api: { readonly name: string; readonly waits: boolean } | undefined
  readonly callee: FlowNode
  /** The loop over an array that the call may be. */
  readonly loop: CallbackMethod | undefined
}

export interface CallFlow {
  readonly calls: readonly CallSite[]
  /** Functions called with `new` or as `super(…)`. */
  readonly constructed: ReadonlySet<FunctionNode>
}

/** Lets arguments flow into parameters and results out of calls. Returns the calls. */
export function connectCalls(values: Values): CallFlow {
  const edges = new CallEdges(values)
  const calls: CallSite[] = []
  for (const node of values.bindings.syntax.nodes) {
    if (node.type === 'NewExpression') edges.construct(node, values.evaluate(node.callee))
    else if (node.type === 'CallExpression' && node.callee.type === 'Super') edges.callSuper(node)
    else if (node.type === 'CallExpression' || node.type === 'TaggedTemplateExpression') {
      calls.push(edges.call(node))
    }
  }
  return { calls, constructed: edges.constructed }
}

class CallEdges {
  readonly constructed = new Set<FunctionNode>()
  readonly #values: Values
  /** Arguments of calls whose callee only run time knows. */
  readonly #passed = new FlowNode()
  /** Functions given to native code, which may call them with anything. */
  readonly #handed = new FlowNode()
  readonly #properties: ReadonlySet<string>
  readonly #generators = new Map<FunctionNode, FlowValue>()

  constructor(values: Values) {
    const { flow } = values
    this.#values = values
    this.#properties = declaredProperties(values.bindings.syntax.nodes)
    flow.connect(this.#handed, flow.any)
    flow.connect(this.#passed, flow.any)
    flow.listen(this.#handed, (fn) => this.#fillParameters(fn, values.anything))
    flow.listen(flow.any, (fn) => {
      this.#fillParameters(fn, this.#passed)
      if (!isCallable(fn)) return
      if (fn.generator) flow.add(flow.any, this.#generatorObject(fn))
      else flow.connect(values.returned(fn), flow.any)
    })
  }

  call(node: CallNode): CallSite {
    const { bindings, flow } = this.#values
    const target = bindings.resolve(calleeOf(node))
    const { callee, args } = this.#through(node)
    const result = this.#values.evaluate(node)
    const api = target?.kind === 'api' ? target : undefined
    if (!api) this.#pass(callee, args, result)
    if (this.#mayBeNative(node, api !== undefined)) this.#handOver(node, args, result)
    if (isBind(node)) flow.connect(callee, result)
    const loop = node.type === 'CallExpression' ? callbackMethod(node) : undefined
    return { node, api, callee: isBind(node) ? new FlowNode() : callee, loop }
  }

  construct(node: NewExpression | CallExpression, callee: FlowNode): void {
    const { flow } = this.#values
    flow.listen(callee, (value) => {
      if (isCallable(value)) this.constructed.add(value)
    })
    this.#pass(callee, node.arguments, new FlowNode())
    for (const argument of node.arguments) flow.connect(this.#values.evaluate(argument), this.#handed)
  }

  callSuper(node: CallExpression): void {
    let parent = this.#values.bindings.syntax.parentOf(node)
    while (parent && parent.type !== 'ClassDeclaration' && parent.type !== 'ClassExpression') {
      parent = this.#values.bindings.syntax.parentOf(parent)
    }
    if (parent?.superClass) this.construct(node, this.#values.evaluate(parent.superClass))
  }

  /** What `f(…)`, `f.call(this, …)`, `f.apply(this, …)` and `f.bind(this, …)` come down to. */
  #through(node: CallNode): { callee: FlowNode; args: readonly AnyNode[] } {
    const callee = calleeOf(node)
    if (node.type === 'TaggedTemplateExpression') {
      return { callee: this.#values.evaluate(callee), args: [node.quasi, ...node.quasi.expressions] }
    }
    const name = callee.type === 'MemberExpression' ? memberName(callee) : undefined
    if (callee.type !== 'MemberExpression' || !/^(?:call|apply|bind)$/.test(name ?? '')) {
      return { callee: this.#values.evaluate(callee), args: node.arguments }
    }
    const isReflect = callee.object.type === 'Identifier' && callee.object.name === 'Reflect'
    const called = isReflect ? node.arguments[0] : callee.object
    const either = new FlowNode()
    this.#values.flow.connect(this.#values.evaluate(callee), either)
    if (called) this.#values.flow.connect(this.#values.evaluate(called), either)
    return { callee: either, args: name === 'apply' ? [] : node.arguments.slice(1) }
  }

  #pass(callee: FlowNode, args: readonly AnyNode[], result: FlowNode): void {
    const { flow } = this.#values
    const passToAny = (): void => {
      for (const argument of args) flow.connect(this.#values.evaluate(argument), this.#passed)
      flow.connect(this.#values.anything, result)
    }
    flow.listen(
      callee,
      (value) => {
        if (!isCallable(value)) return
        this.#connectArguments(value, args)
        if (value.generator) flow.add(result, this.#generatorObject(value))
        else flow.connect(this.#values.returned(value), result)
      },
      passToAny,
    )
  }

  #connectArguments(fn: FunctionNode, args: readonly AnyNode[]): void {
    const { flow } = this.#values
    const spread = args.findIndex((argument) => argument.type === 'SpreadElement')
    fn.params.forEach((parameter, index) => {
      if (parameter.type === 'RestElement') {
        for (const argument of args.slice(index)) flow.connect(this.#values.evaluate(argument), flow.any)
        return
      }
      const argument = args[index]
      if (spread !== -1 && index >= spread) this.#values.assign(parameter, this.#values.anything)
      else if (argument) this.#values.assign(parameter, this.#values.evaluate(argument))
    })
  }

  #fillParameters(fn: FlowValue, from: FlowNode): void {
    if (!isCallable(fn)) return
    for (const parameter of fn.params) {
      if (parameter.type !== 'RestElement') this.#values.assign(parameter, from)
    }
  }

  #generatorObject(generator: FunctionNode): FlowValue {
    const known = this.#generators.get(generator) ?? { madeBy: generator }
    this.#generators.set(generator, known)
    return known
  }

  /** Whether code that is not the script's may be called: all but names of the script's own functions and methods. */
  #mayBeNative(node: CallNode, isApi: boolean): boolean {
    const callee = calleeOf(node)
    const { bindings } = this.#values
    if (isApi) return true
    if (isFunction(callee) || bindings.resolve(callee)?.kind === 'function') return false
    if (callee.type === 'Identifier') return bindings.variableOf(callee) === undefined
    const name = callee.type === 'MemberExpression' ? memberName(callee) : undefined
    return name !== undefined && (isNativeName(name) || !this.#properties.has(name))
  }

  #handOver(node: CallNode, args: readonly AnyNode[], result: FlowNode): void {
    const { flow } = this.#values
    for (const argument of args) flow.connect(this.#values.evaluate(argument), this.#handed)
    flow.connect(this.#values.anything, result)
    const callee = calleeOf(node)
    if (callee.type === 'MemberExpression') flow.connect(this.#values.evaluate(callee.object), flow.any)
  }
}

export function calleeOf(node: CallNode): AnyNode {
  const callee = node.type === 'CallExpression' ? node.callee : node.tag
  return callee.type === 'ParenthesizedExpression' ? callee.expression : callee
}

export function isCallable(value: FlowValue): value is FunctionNode {
  return value !== WAITING_API && 'type' in value
}

function isBind(node: CallNode): boolean {
  const callee = calleeOf(node)
  return callee.type === 'MemberExpression' && memberName(callee) === 'bind'
}

/** Names under which the script itself keeps something. */
function declaredProperties(nodes: readonly AnyNode[]): Set<string> {
  const names = new Set<string>()
  const note = (key: AnyNode): void => {
    if (key.type === 'Identifier') names.add(key.name)
    else if (key.type === 'PrivateIdentifier') names.add(`#${key.name}`)
    else if (key.type === 'Literal') names.add(String(key.value))
  }
  for (const node of nodes) {
    if (node.type === 'Property' || node.type === 'MethodDefinition' || node.type === 'PropertyDefinition') {
      note(node.key)
    } else if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression') {
      note(node.left.property)
    }
  }
  return names
}
