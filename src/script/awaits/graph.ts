import type { AnyNode, CallExpression, TaggedTemplateExpression } from 'acorn'
import { moduleObject } from './bindings.ts'
import type { Bindings, Target } from './bindings.ts'
import { describeBlocked, describeFunction, describeValue, placeOf } from './place.ts'
import type { Place, Reason } from './place.ts'
import { identifierOf, isFunction } from './syntax.ts'
import type { FunctionNode, Syntax } from './syntax.ts'

type CallNode = CallExpression | TaggedTemplateExpression

/** An expression that stands for a known function. */
interface Use<N extends AnyNode = AnyNode> {
  readonly node: N
  readonly target: Target
}

interface Uses {
  readonly calls: readonly Use<CallNode>[]
  /** Uses of a known function other than calling it. */
  readonly values: readonly Use[]
  /** Functions that are declared by name, called where they stand, or awaited by `group`: they can become async. */
  readonly named: ReadonlySet<FunctionNode>
  /** Functions called with `new`. */
  readonly constructed: ReadonlySet<FunctionNode>
}

/** A wait that the insertion cannot see through: the guard watches its result (`site`) or the function itself (`escape`). */
export interface Blind {
  readonly kind: 'site' | 'escape'
  readonly node: AnyNode
  readonly what: string
  readonly reason: Reason
}

/** What to insert. */
export interface WaitPlan {
  readonly madeAsync: ReadonlySet<FunctionNode>
  readonly awaited: readonly AnyNode[]
  /** In source order. */
  readonly blind: readonly Blind[]
}

/**
 * Finds every call that waits and every function that has to become async for it: a wait makes the function around it
 * wait, hence all direct calls of that function, until nothing changes. Functions whose callers are not known by name
 * stay as they are; the waits in them are blind.
 */
export function planWaits(bindings: Bindings): WaitPlan {
  const uses = findUses(bindings)
  const madeAsync = new Set<FunctionNode>()
  const awaited: AnyNode[] = []
  const blind: Blind[] = []
  const queue = uses.calls.filter(({ target }) => target.kind === 'api' && target.waits)
  for (let call = queue.pop(); call; call = queue.pop()) {
    const place = placeOf(bindings.syntax, call.node)
    const reason = blindReason(bindings, place, uses)
    if (reason) {
      blind.push({ kind: 'site', node: call.node, what: calledName(bindings.syntax, call), reason })
      continue
    }
    awaited.push(call.node)
    if (place.kind !== 'function' || place.fn.async || madeAsync.has(place.fn)) continue
    madeAsync.add(place.fn)
    queue.push(...uses.calls.filter(({ target }) => target.kind === 'function' && target.fn === place.fn))
  }
  blind.push(...findEscapes(bindings, uses.values, madeAsync))
  return { madeAsync, awaited, blind: blind.sort((a, b) => a.node.start - b.node.start) }
}

/** Why no `await` can be inserted at the place; `undefined` when one can. */
function blindReason(bindings: Bindings, place: Place, uses: Uses): Reason | undefined {
  if (place.kind === 'module') return undefined
  if (place.kind === 'blocked') return describeBlocked(place.why)
  const { fn } = place
  const isConstructed = uses.constructed.has(fn)
  if (fn.async || (uses.named.has(fn) && !fn.generator && !isConstructed)) return undefined
  return describeFunction(bindings, fn, isConstructed)
}

function findEscapes(
  bindings: Bindings,
  values: readonly Use[],
  madeAsync: ReadonlySet<FunctionNode>,
): Blind[] {
  return values
    .filter(({ target }) => (target.kind === 'api' ? target.waits : madeAsync.has(target.fn)))
    .map(({ node, target }) => ({
      kind: 'escape',
      node,
      what: target.kind === 'api' ? target.name : bindings.syntax.textOf(node),
      reason: describeValue(bindings, node),
    }))
}

function findUses(bindings: Bindings): Uses {
  const { syntax } = bindings
  const calls: Use<CallNode>[] = []
  const values: Use[] = []
  const constructed = new Set<FunctionNode>()
  for (const node of usedExpressions(syntax)) {
    const target = bindings.resolve(node)
    const parent = syntax.parentOf(node)
    if (target === undefined || parent === undefined) continue
    if (isCallOf(parent, node)) calls.push({ node: parent, target })
    else if (parent.type === 'NewExpression' && parent.callee === node) {
      if (target.kind === 'function') constructed.add(target.fn)
    } else if (!isHarmless(bindings, parent, node)) values.push({ node, target })
  }
  return { calls, values, constructed, named: namedFunctions(bindings, calls) }
}

/** Names in use (with the property, when the name is a k6 module) and functions that are called where they stand. */
function usedExpressions(syntax: Syntax): AnyNode[] {
  const calledInPlace = syntax.nodes.filter(isFunction).filter((fn) => {
    const parent = syntax.parentOf(fn)
    return parent !== undefined && isCallOf(parent, fn)
  })
  const names = syntax
    .references()
    .filter((reference) => reference.isRead())
    .map((reference) => {
      const identifier = identifierOf(reference)
      const parent = syntax.parentOf(identifier)
      const isModule = moduleObject(reference.resolved) !== undefined
      return isModule && parent?.type === 'MemberExpression' ? parent : identifier
    })
  return [...calledInPlace, ...names]
}

function namedFunctions(bindings: Bindings, calls: readonly Use<CallNode>[]): Set<FunctionNode> {
  const named = new Set<FunctionNode>()
  for (const variable of bindings.syntax.variables()) {
    // The inner name of a function expression says nothing about who else calls it.
    const target = variable.scope.functionExpressionScope ? undefined : bindings.resolveVariable(variable)
    if (target?.kind === 'function') named.add(target.fn)
  }
  for (const { node, target } of calls) {
    if (target.kind === 'function' && isCallOf(node, target.fn)) named.add(target.fn)
    const callback = groupCallback(node, target)
    if (isFunction(callback)) named.add(callback)
  }
  return named
}

/** Uses that neither call the function nor hand it to code that might. */
function isHarmless(bindings: Bindings, parent: AnyNode, node: AnyNode): boolean {
  if (parent.type === 'ExportSpecifier' || parent.type === 'UnaryExpression') return true
  if (parent.type === 'AssignmentExpression') return parent.left === node
  if (parent.type === 'VariableDeclarator') {
    const declared = bindings.syntax.variablesDeclaredBy(parent)
    return declared.every((variable) => bindings.resolveVariable(variable) !== undefined)
  }
  if (parent.type !== 'CallExpression') return false
  const callee = bindings.resolve(parent.callee)
  return callee !== undefined && groupCallback(parent, callee) === node
}

/** The function that k6's `group(name, callback)` calls, and here awaits. */
function groupCallback(call: CallNode, callee: Target): AnyNode | undefined {
  const isGroup = call.type === 'CallExpression' && callee.kind === 'api' && callee.name === 'group'
  return isGroup ? call.arguments[1] : undefined
}

function isCallOf(parent: AnyNode, callee: AnyNode): parent is CallNode {
  return (
    (parent.type === 'CallExpression' && parent.callee === callee) ||
    (parent.type === 'TaggedTemplateExpression' && parent.tag === callee)
  )
}

function calledName(syntax: Syntax, { node, target }: Use<CallNode>): string {
  if (target.kind === 'api') return target.name
  const callee = node.type === 'CallExpression' ? node.callee : node.tag
  return isFunction(callee) ? 'a function' : syntax.textOf(callee)
}
