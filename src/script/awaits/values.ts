import type { AnyNode, Class, MemberExpression, Pattern } from 'acorn'
import type { Variable } from 'eslint-scope'
import { propertyName } from './bindings.ts'
import type { Bindings } from './bindings.ts'
import { Flow, FlowNode, WAITING_API } from './flow.ts'
import type { FlowValue } from './flow.ts'
import { isFunction } from './syntax.ts'
import type { FunctionNode } from './syntax.ts'

/** The name of what is stored under `Symbol.iterator`. */
export const ITERATOR = '@@iterator'

/** Methods of the language's own objects. A function stored under a computed name is not taken for one of them. */
const NATIVE_NAMES: ReadonlySet<string> = new Set(
  [Array, String, Map, Set, WeakMap, Promise, RegExp, Function, Object, Date, Number, JSON, Math, Reflect]
    .flatMap((native) => [native, 'prototype' in native ? native.prototype : native])
    .flatMap((object) => Object.getOwnPropertyNames(object))
    .concat(ITERATOR),
)

export function isNativeName(name: string): boolean {
  return NATIVE_NAMES.has(name)
}

/** Where the values of a module's expressions, variables and properties come from. */
export class Values {
  readonly bindings: Bindings
  readonly flow: Flow = new Flow()
  /** Read by whoever takes a value out of an object by a name, or out of a collection, that only run time knows. */
  readonly anything: FlowNode = new FlowNode()
  /** Stored under names that only run time knows. */
  readonly computed: FlowNode = new FlowNode()
  readonly #nothing = new FlowNode()
  readonly #variables = new Map<Variable, FlowNode>()
  readonly #properties = new Map<string, FlowNode>()
  readonly #expressions = new Map<AnyNode, FlowNode>()
  readonly #returned = new Map<FunctionNode, FlowNode>()

  constructor(bindings: Bindings) {
    this.bindings = bindings
    this.anything.holdsAny = true
    this.flow.connect(this.computed, this.flow.any)
  }

  variable(variable: Variable): FlowNode {
    return memoized(this.#variables, variable, () => new FlowNode())
  }

  /** All properties of one name, of whatever object. */
  property(name: string): FlowNode {
    return memoized(this.#properties, name, () => {
      const node = new FlowNode()
      this.flow.connect(node, this.flow.any)
      // What `items[i] = other[j]` stores may be anything, but is hardly a method: only known functions count.
      if (!isNativeName(name)) this.flow.listen(this.computed, (value) => this.flow.add(node, value))
      return node
    })
  }

  /** What a function returns; for a generator, nothing: its calls return generator objects. */
  returned(fn: FunctionNode): FlowNode {
    return memoized(this.#returned, fn, () => new FlowNode())
  }

  evaluate(expression: AnyNode): FlowNode {
    const known = this.#expressions.get(expression)
    if (known) return known
    const node = this.#evaluate(expression)
    this.#expressions.set(expression, node)
    return node
  }

  /** Where a function is kept that `new` calls on a class; `undefined` when its parents have none either. */
  constructorOf(node: Class): FlowNode {
    const method = node.body.body.find(
      (member) => member.type === 'MethodDefinition' && member.kind === 'constructor',
    )
    if (method?.type === 'MethodDefinition') return this.evaluate(method.value)
    return node.superClass ? this.evaluate(node.superClass) : this.#nothing
  }

  /** Lets what comes by `from` into the names and properties that a pattern assigns. */
  assign(pattern: Pattern | AnyNode, from: FlowNode): void {
    if (pattern.type === 'Identifier') {
      const variable = this.bindings.variableOf(pattern)
      if (variable) this.flow.connect(from, this.variable(variable))
    } else if (pattern.type === 'MemberExpression') this.flow.connect(from, this.#stored(pattern))
    else if (pattern.type === 'AssignmentPattern') {
      this.assign(pattern.left, from)
      this.assign(pattern.left, this.evaluate(pattern.right))
    } else if (pattern.type === 'ObjectPattern') this.#assignProperties(pattern)
    else if (pattern.type === 'ArrayPattern') {
      for (const element of pattern.elements) if (element) this.assign(element, this.anything)
    } else if (pattern.type === 'RestElement') this.assign(pattern.argument, this.#nothing)
  }

  /** The node of properties of an object literal's or a class's key. */
  keyed(key: AnyNode, isComputed: boolean): FlowNode {
    if (key.type === 'PrivateIdentifier') return this.property(`#${key.name}`)
    if (!isComputed && key.type === 'Identifier') return this.property(key.name)
    if (isIteratorSymbol(key)) return this.property(ITERATOR)
    return key.type === 'Literal' ? this.property(String(key.value)) : this.computed
  }

  #evaluate(expression: AnyNode): FlowNode {
    const { bindings } = this
    if (isFunction(expression)) return this.#constant(expression)
    const target = bindings.resolve(expression)
    if (target?.kind === 'api') return target.waits ? this.#constant(WAITING_API) : this.#nothing
    switch (expression.type) {
      case 'Identifier': {
        const variable = bindings.variableOf(expression)
        return variable ? this.variable(variable) : this.#nothing
      }
      case 'ClassExpression':
        return this.constructorOf(expression)
      case 'MemberExpression':
        return this.#read(expression)
      case 'CallExpression':
      case 'TaggedTemplateExpression':
        return new FlowNode()
      case 'YieldExpression':
        return this.anything
      default:
        return this.#union(passedOn(expression))
    }
  }

  #read(member: MemberExpression): FlowNode {
    const name = memberName(member)
    return name === undefined ? this.anything : this.property(name)
  }

  #stored(member: MemberExpression): FlowNode {
    const name = memberName(member)
    return name === undefined ? this.computed : this.property(name)
  }

  #assignProperties(pattern: Extract<Pattern, { type: 'ObjectPattern' }>): void {
    for (const property of pattern.properties) {
      if (property.type === 'RestElement') continue
      const { key, computed } = property
      const isKnown = !computed || key.type === 'Literal' || isIteratorSymbol(key)
      this.assign(property.value, isKnown ? this.keyed(key, computed) : this.anything)
    }
  }

  #constant(value: FlowValue): FlowNode {
    const node = new FlowNode()
    this.flow.add(node, value)
    return node
  }

  #union(parts: readonly AnyNode[]): FlowNode {
    const [first, ...rest] = parts
    if (first === undefined) return this.#nothing
    if (rest.length === 0) return this.evaluate(first)
    const node = new FlowNode()
    for (const part of parts) this.flow.connect(this.evaluate(part), node)
    return node
  }
}

/** The name after the dot, `#name` for a private one; `undefined` when only run time knows it. */
export function memberName(member: MemberExpression): string | undefined {
  if (member.property.type === 'PrivateIdentifier') return `#${member.property.name}`
  return isIteratorSymbol(member.property) ? ITERATOR : propertyName(member)
}

function isIteratorSymbol(key: AnyNode): boolean {
  if (key.type !== 'MemberExpression' || key.object.type !== 'Identifier') return false
  return key.object.name === 'Symbol' && propertyName(key) === 'iterator'
}

/** The parts whose value an expression may have. */
function passedOn(expression: AnyNode): AnyNode[] {
  switch (expression.type) {
    case 'ChainExpression':
    case 'ParenthesizedExpression':
      return [expression.expression]
    case 'AwaitExpression':
      return [expression.argument]
    case 'ConditionalExpression':
      return [expression.consequent, expression.alternate]
    case 'LogicalExpression':
      return [expression.left, expression.right]
    case 'AssignmentExpression':
      return [expression.right]
    case 'SequenceExpression':
      return expression.expressions.slice(-1)
    default:
      return []
  }
}

function memoized<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
