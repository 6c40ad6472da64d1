import type { AnyNode, Identifier } from 'acorn'
import { waitingNames } from '../supported.ts'
import { escapedModule } from './escapes.ts'
import { WAITING_API } from './flow.ts'
import { identifierOf, isFunction } from './syntax.ts'
import type { Values } from './values.ts'

/** Lets values flow as the module's declarations, assignments, literals and returns say; calls apart. */
export function connectValues(values: Values): void {
  for (const node of values.bindings.syntax.nodes) connect(values, node)
  for (const variable of values.bindings.syntax.variables()) {
    const target = values.bindings.resolveVariable(variable)
    if (target?.kind === 'function') values.flow.add(values.variable(variable), target.fn)
  }
  for (const reference of values.bindings.syntax.references()) connectModule(values, identifierOf(reference))
}

/** A module that is handed on as an object: its functions are properties of whatever object comes by. */
function connectModule(values: Values, name: Identifier): void {
  const module = escapedModule(values.bindings, name)
  if (module === undefined) return
  for (const key of waitingNames(module)) values.flow.add(values.property(key), WAITING_API)
}

function connect(values: Values, node: AnyNode): void {
  const { flow } = values
  switch (node.type) {
    case 'VariableDeclarator':
      if (node.init) values.assign(node.id, values.evaluate(node.init))
      break
    case 'AssignmentExpression':
      values.assign(node.left, values.evaluate(node.right))
      break
    case 'AssignmentPattern':
      values.assign(node.left, values.evaluate(node.right))
      break
    case 'ForOfStatement':
      values.assign(
        node.left.type === 'VariableDeclaration' ? declared(node.left) : node.left,
        values.anything,
      )
      break
    case 'ArrayExpression':
      for (const element of node.elements) if (element) flow.connect(values.evaluate(element), flow.any)
      break
    case 'YieldExpression':
      if (node.argument) flow.connect(values.evaluate(node.argument), values.property('value'))
      break
    default:
      connectMember(values, node)
  }
}

function connectMember(values: Values, node: AnyNode): void {
  const { flow } = values
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'ClassDeclaration': {
      const held = isFunction(node) ? values.evaluate(node) : values.constructorOf(node)
      for (const variable of values.bindings.syntax.variablesDeclaredBy(node)) {
        if (variable.name === node.id?.name) flow.connect(held, values.variable(variable))
      }
      break
    }
    case 'Property':
      connectProperty(values, node)
      break
    case 'PropertyDefinition':
      if (node.value) flow.connect(values.evaluate(node.value), values.keyed(node.key, node.computed))
      break
    case 'MethodDefinition':
      if (node.kind !== 'constructor') connectMethod(values, node)
      break
    default:
      connectReturn(values, node)
  }
}

function connectProperty(values: Values, node: Extract<AnyNode, { type: 'Property' }>): void {
  const object = values.bindings.syntax.parentOf(node)
  if (object?.type !== 'ObjectExpression') return
  if (node.kind !== 'init') return connectMethod(values, node)
  const key = values.keyed(node.key, node.computed)
  values.flow.connect(values.evaluate(node.value), key)
  // esbuild's namespace objects: `__export(lib_exports, { name: () => name })` makes a getter of each entry.
  const call = values.bindings.syntax.parentOf(object)
  const isNamespace =
    call?.type === 'CallExpression' && call.callee.type === 'Identifier' && call.callee.name === '__export'
  if (isNamespace && isFunction(node.value)) values.flow.connect(values.returned(node.value), key)
}

/** A method lies under its name; for a getter, what it returns does. */
function connectMethod(
  values: Values,
  node: Extract<AnyNode, { type: 'Property' | 'MethodDefinition' }>,
): void {
  const key = values.keyed(node.key, node.computed)
  if (node.kind === 'set' || !isFunction(node.value)) return
  values.flow.connect(node.kind === 'get' ? values.returned(node.value) : values.evaluate(node.value), key)
}

function connectReturn(values: Values, node: AnyNode): void {
  if (node.type === 'ArrowFunctionExpression' && node.body.type !== 'BlockStatement') {
    values.flow.connect(values.evaluate(node.body), values.returned(node))
  } else if (node.type === 'ReturnStatement' && node.argument) {
    const fn = values.bindings.syntax.functionAround(node)
    if (fn) values.flow.connect(values.evaluate(node.argument), values.returned(fn))
  }
}

function declared(declaration: Extract<AnyNode, { type: 'VariableDeclaration' }>): AnyNode {
  return declaration.declarations[0]?.id ?? declaration
}
