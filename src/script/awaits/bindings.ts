import type { AnyNode, Identifier, MemberExpression } from 'acorn'
import type { Variable } from 'eslint-scope'
import { isSupportedModule, isWaiting } from '../supported.ts'
import { isFunction } from './syntax.ts'
import type { FunctionNode, Syntax } from './syntax.ts'

/** What an expression is known to be, whatever the script does at run time. */
export type Target =
  | { readonly kind: 'api'; readonly name: string; readonly waits: boolean }
  | { readonly kind: 'function'; readonly fn: FunctionNode }

/** An import from a module: one name of it, or (`name` undefined) the module as an object. */
interface Import {
  readonly module: string
  readonly name: string | undefined
}

type Definition = Variable['defs'][number]

/** Follows names to the k6 functions and the script's own functions that they stand for. */
export class Bindings {
  readonly syntax: Syntax
  readonly #variables: ReadonlyMap<Identifier, Variable>
  readonly #targets = new Map<Variable, Target | undefined>()

  constructor(syntax: Syntax) {
    this.syntax = syntax
    this.#variables = new Map([
      ...syntax.variables().flatMap((variable) => variable.identifiers.map(named(variable))),
      ...syntax.references().map((reference) => named(reference.resolved as Variable)(reference.identifier)),
    ])
  }

  /** The variable that a name stands for; `undefined` when nothing in the module declares it. */
  variableOf(identifier: Identifier): Variable | undefined {
    return this.#variables.get(identifier)
  }

  /** `undefined`: only known at run time, or nothing that is called. */
  resolve(expression: AnyNode): Target | undefined {
    if (isFunction(expression)) return { kind: 'function', fn: expression }
    if (expression.type === 'ChainExpression') return this.resolve(expression.expression)
    if (expression.type === 'MemberExpression') return this.#resolveMember(expression)
    if (expression.type !== 'Identifier') return undefined
    const variable = this.#variables.get(expression)
    return variable && this.resolveVariable(variable)
  }

  /** The function that a variable holds during its whole life, if that is certain. */
  resolveVariable(variable: Variable): Target | undefined {
    if (!this.#targets.has(variable)) {
      this.#targets.set(variable, undefined) // ends cycles such as `var a = b, b = a`
      this.#targets.set(variable, this.#follow(variable))
    }
    return this.#targets.get(variable)
  }

  #follow(variable: Variable): Target | undefined {
    const [definition] = variable.defs
    if (definition === undefined || variable.defs.length > 1 || isReassigned(variable)) return undefined
    if (definition.type === 'ImportBinding') return importedFunction(importOf(definition))
    if (definition.type === 'FunctionName') {
      return { kind: 'function', fn: definition.node as unknown as FunctionNode }
    }
    if (definition.type !== 'Variable') return undefined
    const declarator = definition.node as unknown as AnyNode
    if (declarator.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier') return undefined
    return declarator.init ? this.resolve(declarator.init) : undefined
  }

  #resolveMember(member: MemberExpression): Target | undefined {
    if (member.object.type !== 'Identifier') return undefined
    const module = moduleObject(this.#variables.get(member.object))
    if (module === undefined) return undefined
    const name = propertyName(member)
    // `http[method](…)`: nearly all of k6/http waits, and awaiting a call that does not is harmless.
    if (name === undefined) return { kind: 'api', name: this.syntax.textOf(member), waits: true }
    return importedFunction({ module, name })
  }
}

function named(variable: Variable): (identifier: unknown) => [Identifier, Variable] {
  // eslint-scope hands back acorn's own objects under ESTree's type.
  return (identifier) => [identifier as Identifier, variable]
}

/** The supported k6 module that a variable holds as an object, such as the `http` of `import http from 'k6/http'`. */
export function moduleObject(variable: Variable | null | undefined): string | undefined {
  const definition = variable?.defs[0]
  if (definition?.type !== 'ImportBinding') return undefined
  const { module, name } = importOf(definition)
  return name === undefined && isSupportedModule(module) ? module : undefined
}

/** The name after the dot, also when written `object['name']`; `undefined` when computed. */
export function propertyName(member: MemberExpression): string | undefined {
  const { property } = member
  if (!member.computed) return property.type === 'Identifier' ? property.name : undefined
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined
}

function importedFunction({ module, name }: Import): Target | undefined {
  if (name === undefined || !isSupportedModule(module)) return undefined
  return { kind: 'api', name: module === 'k6/http' ? `http.${name}` : name, waits: isWaiting(module, name) }
}

function importOf(definition: Extract<Definition, { type: 'ImportBinding' }>): Import {
  const module = String(definition.parent.source.value)
  const specifier = definition.node
  if (specifier.type !== 'ImportSpecifier') return { module, name: undefined }
  const { imported } = specifier
  const name = imported.type === 'Identifier' ? imported.name : String(imported.value)
  return { module, name: name === 'default' ? undefined : name }
}

function isReassigned(variable: Variable): boolean {
  return variable.references.some((reference) => reference.isWrite() && !reference.init)
}
