import type { AnyNode } from 'acorn'
import type { WaitSite } from '../script-bundle.ts'
import type { Bindings } from './bindings.ts'
import { spotName } from './graph.ts'
import type { WaitPlan } from './graph.ts'
import { describeFunction, describeValue } from './place.ts'
import type { Reason } from './place.ts'
import { identifierOf, isFunction } from './syntax.ts'
import type { FunctionNode } from './syntax.ts'
import type { Spot } from './spots.ts'

type Site = Omit<WaitSite, 'file'>

/** What the guard says of each blind wait, and of each waiting function that was called by something that does not wait. */
export function blamedSites(bindings: Bindings, plan: WaitPlan): Site[] {
  const values = namesUsedAsValues(bindings)
  return [
    ...plan.blind.map(({ node, what, reason }) => siteAt('call', node, what, reason)),
    ...[...plan.waiting].map(([fn, spot]) => functionSite(bindings, fn, spot, values.get(fn) ?? [])),
  ]
}

function functionSite(bindings: Bindings, fn: FunctionNode, spot: Spot, names: readonly AnyNode[]): Site {
  const { syntax } = bindings
  // Passing it on is what lets others call it; of several uses that one is the likeliest.
  const use = names.find((node) => syntax.parentOf(node)?.type === 'CallExpression') ?? names[0]
  if (use) return siteAt('function', use, syntax.textOf(use), describeValue(bindings, use))
  return siteAt('function', spot.node, spotName(syntax, spot), describeFunction(bindings, fn, false))
}

function siteAt(kind: Site['kind'], node: AnyNode, what: string, { why, rewrite }: Reason): Site {
  const { line, column } = node.loc?.start ?? { line: 1, column: 0 }
  return { kind, line, column: column + 1, what, why, rewrite }
}

/** For each function that has a name, the places that mention the name other than to call it. */
function namesUsedAsValues(bindings: Bindings): Map<FunctionNode, AnyNode[]> {
  const uses = new Map<FunctionNode, AnyNode[]>()
  for (const reference of bindings.syntax.references()) {
    const node = identifierOf(reference)
    const target = reference.isRead() ? bindings.resolve(node) : undefined
    const parent = bindings.syntax.parentOf(node)
    if (target?.kind !== 'function' || parent === undefined || isMention(parent, node)) continue
    uses.set(target.fn, [...(uses.get(target.fn) ?? []), node])
  }
  return uses
}

function isMention(parent: AnyNode, node: AnyNode): boolean {
  if (parent.type === 'CallExpression') return parent.callee === node
  if (parent.type === 'TaggedTemplateExpression' || parent.type === 'ExportSpecifier') return true
  return parent.type === 'VariableDeclarator' || parent.type === 'UnaryExpression' || isFunction(parent)
}
