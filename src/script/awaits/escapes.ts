import type { AnyNode } from 'acorn'
import { hasWaiting } from '../supported.ts'
import { moduleObject } from './bindings.ts'
import type { Bindings } from './bindings.ts'
import type { Blind } from './graph.ts'
import { describeValue } from './place.ts'
import { identifierOf } from './syntax.ts'

/** Waiting functions of k6, and modules that have some, that are used as values: their calls are no longer known by name. */
export function findEscapes(bindings: Bindings): Blind[] {
  return usedNames(bindings).flatMap((node) => {
    const what = escaping(bindings, node)
    if (what === undefined || isHarmless(bindings, node)) return []
    return [{ kind: 'escape', node, what, reason: describeValue(bindings, node) }]
  })
}

function escaping(bindings: Bindings, node: AnyNode): string | undefined {
  const target = bindings.resolve(node)
  if (target?.kind === 'api') return target.waits ? target.name : undefined
  return escapedModule(bindings, node) === undefined ? undefined : bindings.syntax.textOf(node)
}

/** The module with waiting functions that a name stands for, where the whole of it is handed on as an object. */
export function escapedModule(bindings: Bindings, node: AnyNode): string | undefined {
  const module = node.type === 'Identifier' ? moduleObject(bindings.variableOf(node)) : undefined
  if (module === undefined || !hasWaiting(module) || isHarmless(bindings, node)) return undefined
  return bindings.syntax.parentOf(node)?.type === 'MemberExpression' ? undefined : module
}

/** Names in use; with the property, when the name is a k6 module. */
function usedNames({ syntax }: Bindings): AnyNode[] {
  return syntax
    .references()
    .filter((reference) => reference.isRead())
    .map((reference) => {
      const identifier = identifierOf(reference)
      const parent = syntax.parentOf(identifier)
      const isModule = moduleObject(reference.resolved) !== undefined
      return isModule && parent?.type === 'MemberExpression' ? parent : identifier
    })
}

/** Uses that call the function by its name, or never. */
function isHarmless(bindings: Bindings, node: AnyNode): boolean {
  const parent = bindings.syntax.parentOf(node)
  switch (parent?.type) {
    case 'ExportSpecifier':
    case 'UnaryExpression':
      return true
    case 'CallExpression':
    case 'NewExpression':
      return parent.callee === node
    case 'TaggedTemplateExpression':
      return parent.tag === node
    case 'AssignmentExpression':
      return parent.left === node
    case 'VariableDeclarator':
      return bindings.syntax
        .variablesDeclaredBy(parent)
        .every((variable) => bindings.resolveVariable(variable) !== undefined)
    default:
      return false
  }
}
