import type { AnyNode, CallExpression, NewExpression } from 'acorn'
import type { Bindings } from './bindings.ts'

/** What of the language runs through its first argument. */
const CONSTRUCTORS = /^(?:(?:Weak)?(?:Map|Set)|\w+Array)$/
const FUNCTIONS = /^(?:Object\.(?:fromEntries|groupBy)|Map\.groupBy|Promise\.(?:all|allSettled|any|race))$/

/** What a node runs through by the iteration protocol. */
export function iteratedBy(bindings: Bindings, node: AnyNode): AnyNode | undefined {
  switch (node.type) {
    case 'ForOfStatement':
      return node.await ? undefined : node.right
    case 'SpreadElement':
      return bindings.syntax.parentOf(node)?.type === 'ObjectExpression' ? undefined : node.argument
    case 'YieldExpression':
      return node.delegate ? given(node.argument) : undefined
    case 'VariableDeclarator':
      return takenApart(node.id, node.init)
    case 'AssignmentExpression':
      return takenApart(node.left, node.right)
    case 'NewExpression':
      return iteratedNatively(bindings, node, CONSTRUCTORS)
    case 'CallExpression':
      return iteratedNatively(bindings, node, FUNCTIONS)
    default:
      return undefined
  }
}

function takenApart(pattern: AnyNode, value: AnyNode | null | undefined): AnyNode | undefined {
  return pattern.type === 'ArrayPattern' ? given(value) : undefined
}

function given(node: AnyNode | null | undefined): AnyNode | undefined {
  return node ?? undefined
}

function iteratedNatively(
  bindings: Bindings,
  { callee, arguments: [first] }: CallExpression | NewExpression,
  names: RegExp,
): AnyNode | undefined {
  const root = callee.type === 'MemberExpression' ? callee.object : callee
  const isGlobal = root.type === 'Identifier' && bindings.variableOf(root) === undefined
  const isKnown = isGlobal && names.test(bindings.syntax.textOf(callee))
  return isKnown && first?.type !== 'SpreadElement' ? first : undefined
}
