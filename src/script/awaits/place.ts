import type { AnyNode, CallExpression, Pattern } from 'acorn'
import { propertyName } from './bindings.ts'
import type { Bindings } from './bindings.ts'
import { isFunction } from './syntax.ts'
import type { FunctionNode, Syntax } from './syntax.ts'

/** The code that a node runs in: the module, a function, or a spot where JavaScript allows no `await`. */
export type Place =
  | { readonly kind: 'module' }
  /** `parameter`: the place is in its default value, which can be moved into the body together with it. */
  | { readonly kind: 'function'; readonly fn: FunctionNode; readonly parameter?: Pattern }
  | { readonly kind: 'blocked'; readonly why: string }

/** Why a call cannot be awaited, and what to write instead. */
export interface Reason {
  readonly why: string
  readonly rewrite: string
}

export function placeOf(syntax: Syntax, node: AnyNode): Place {
  let child = node
  for (let parent = syntax.parentOf(node); parent; child = parent, parent = syntax.parentOf(parent)) {
    if (isFunction(parent)) return placeIn(syntax, parent, child)
    if (parent.type === 'StaticBlock') return { kind: 'blocked', why: 'in a static block of a class' }
    if (parent.type === 'PropertyDefinition' && parent.value === child) {
      return { kind: 'blocked', why: 'in a field of a class' }
    }
  }
  return { kind: 'module' }
}

function placeIn(syntax: Syntax, fn: FunctionNode, child: AnyNode): Place {
  if (fn.body === child) return { kind: 'function', fn }
  const parameter = fn.params.find((candidate) => candidate === child)
  // A function that is async on k6 too, or a generator, must not begin later than its parameters.
  const canMove = !fn.async && !fn.generator && redeclaredParameters(syntax, fn).length === 0
  return parameter?.type === 'AssignmentPattern' && canMove
    ? { kind: 'function', fn, parameter }
    : { kind: 'blocked', why: 'in the default value of a parameter' }
}

/** Parameters that a `var` of the body declares once more: both are one variable. */
export function redeclaredParameters(syntax: Syntax, fn: FunctionNode): string[] {
  return syntax
    .variablesDeclaredBy(fn)
    .filter(({ defs }) => defs.some(({ type }) => type === 'Parameter'))
    .filter(({ defs }) => defs.some(({ type }) => type === 'Variable'))
    .map(({ name }) => name)
}

/** Whether the function is part of an object or class: a method, getter, setter or constructor. */
function isMember(syntax: Syntax, fn: FunctionNode): boolean {
  const parent = syntax.parentOf(fn)
  if (parent?.type === 'MethodDefinition') return true
  return parent?.type === 'Property' && (parent.method || parent.kind !== 'init')
}

const LOOP = 'use a for…of loop instead'
const BY_NAME = 'move it into a function that is declared by name, and call that function by its name'

const LOOP_REWRITES: ReadonlyMap<string, string> = new Map([
  ['map', `${LOOP}: for (const item of items) results.push(…)`],
  ['flatMap', `${LOOP}: for (const item of items) results.push(…)`],
  ['forEach', `${LOOP}: for (const item of items) { … }`],
  ['filter', `${LOOP}: for (const item of items) if (…) kept.push(item)`],
  ['reduce', `${LOOP}: for (const item of items) total = …`],
  ['some', `${LOOP}: for (const item of items) if (…) { found = true; break }`],
  ['every', `${LOOP}: for (const item of items) if (!…) { all = false; break }`],
  ['find', `${LOOP}: for (const item of items) if (…) { found = item; break }`],
  ['sort', 'fetch what the order needs in a for…of loop first, then sort'],
  ['from', `${LOOP}: for (let i = 0; i < n; i++) results.push(…)`],
])

/** Why a wait inside `fn` cannot be awaited, for a function that is not made async. */
export function describeFunction(bindings: Bindings, fn: FunctionNode, isConstructed: boolean): Reason {
  const parent = bindings.syntax.parentOf(fn)
  if (fn.generator)
    return { why: 'inside a generator', rewrite: 'run through it with a for…of loop in a function' }
  if (isMember(bindings.syntax, fn)) return { why: `inside ${describeMember(parent)}`, rewrite: BY_NAME }
  if (isConstructed) return { why: 'inside a constructor function', rewrite: BY_NAME }
  if (parent?.type === 'CallExpression') return describeCallback(bindings, parent)
  if (parent?.type === 'Property') return describeEntry(bindings, parent)
  return { why: 'inside a function that is not called by its own name', rewrite: BY_NAME }
}

/** Why a waiting function is out of sight once `node`, its name, is used as a value. */
export function describeValue(bindings: Bindings, node: AnyNode): Reason {
  const parent = bindings.syntax.parentOf(node)
  if (parent?.type === 'CallExpression') {
    const name = calleeName(bindings, parent)
    return {
      why: `passed to ${name}`,
      rewrite: loopRewrite(name) ?? 'call it by its name instead of passing it on',
    }
  }
  return { why: 'used as a value', rewrite: 'call it by its name, for example from a switch' }
}

export function describeBlocked(why: string): Reason {
  return { why, rewrite: 'assign it in the body of a function that is called by its name' }
}

function describeMember(parent: AnyNode | undefined): string {
  if (parent?.type === 'Property')
    return parent.kind === 'init' ? 'a method of an object' : 'a getter or setter'
  if (parent?.type !== 'MethodDefinition' || parent.kind === 'method') return 'a method of a class'
  return parent.kind === 'constructor' ? 'a constructor' : 'a getter or setter'
}

/** A function in an object literal: one of `check`'s when the object is an argument of it, else a table's entry. */
function describeEntry(bindings: Bindings, property: AnyNode): Reason {
  const table = bindings.syntax.parentOf(property)
  const call = table && bindings.syntax.parentOf(table)
  if (call?.type === 'CallExpression' && calleeName(bindings, call) === 'check') {
    return { why: 'inside a check', rewrite: 'do it before check(…) and let the check read its result' }
  }
  return { why: 'inside a function that is stored in an object', rewrite: BY_NAME }
}

function describeCallback(bindings: Bindings, call: CallExpression): Reason {
  const name = calleeName(bindings, call)
  return { why: `inside a callback of ${name}`, rewrite: loopRewrite(name) ?? BY_NAME }
}

function loopRewrite(callee: string): string | undefined {
  return LOOP_REWRITES.get(callee.replace('.', ''))
}

/** k6's own name for a function of k6, `.map` for a property, the name as it stands for any other. */
function calleeName(bindings: Bindings, call: CallExpression): string {
  const { callee } = call
  const target = bindings.resolve(callee)
  if (target?.kind === 'api') return target.name
  if (callee.type === 'Identifier') return callee.name
  const name = callee.type === 'MemberExpression' ? propertyName(callee) : undefined
  return name === undefined ? 'another function' : `.${name}`
}
