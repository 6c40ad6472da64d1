import type { AnyNode } from 'acorn'
import { moduleObject } from './bindings.ts'
import type { Bindings } from './bindings.ts'
import type { Blind } from './graph.ts'
import { describeValue } from './place.ts'
import { identifierOf } from './syntax.ts'

/** Waiting functions of k6 that are used as values: their calls are no longer known by name. */
export function findEscapes(bindings: Bindings): Blind[] {
  return usedNames(bindings).flatMap((node) => {
    const target = bindings.resolve(node)
    if (target?.kind !== 'api' || !target.waits || isHarmless(bindings, node)) return []
    return [{ kind: 'escape', node, what: target.name, reason: describeValue(bindings, node) }]
  })
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
