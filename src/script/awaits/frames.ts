import type { AnyNode, Pattern } from 'acorn'
import type { MagicString } from 'magic-string'
import { INJECTED } from '../script-bundle.ts'
import type { Edits } from './edits.ts'
import { redeclaredParameters } from './place.ts'
import type { FunctionNode, Syntax } from './syntax.ts'

const FRAME = '__frame'
const REST = '__rest'
const CLOSE = `} catch (__error) { throw ${FRAME}.fail(__error); } finally { ${FRAME}.end(); } }`

/** The text to be written, what is already known of it, and what is still to be put around its pieces. */
export interface Draft {
  readonly text: MagicString
  readonly edits: Edits
  readonly syntax: Syntax
  /** Numbers of the sites of waiting functions. */
  readonly ids: ReadonlyMap<FunctionNode, number>
}

/**
 * Moves the body of a function that may wait into an async function of its own. `this`, `arguments`, `super` and
 * parameters stay what they are; as long as nothing waits, the function returns and throws at once, as on k6.
 *
 * @param waitingParameter the first parameter whose default value waits: it and those behind it move along
 */
export function insertFrame(
  { text, edits, syntax, ids }: Draft,
  fn: FunctionNode,
  waitingParameter: Pattern | undefined,
): void {
  const kept = redeclaredParameters(syntax, fn).map((name) => `, ${name}`)
  const [named, end] = inName(nameOf(syntax, fn))
  const opening = `${INJECTED.waits}.runWaiting(${ids.get(fn)}, ${named}async (${FRAME}${kept.join('')}) => { try { `
  const closing = `${CLOSE}${end}${kept.join('')})`
  const isBlock = fn.body.type === 'BlockStatement'
  const span = isBlock ? fn.body : { start: arrowEnd(syntax, fn), end: fn.end }
  const giving = isBlock ? '' : `return ${FRAME}.give((`
  const head = `${isBlock ? '{ return ' : ' '}${opening}`
  const tail = isBlock ? ` return ${FRAME}.give(); ${closing} }` : `)); ${closing}`
  if (waitingParameter === undefined) return edits.around(span, `${head}${giving}`, tail)
  edits.around(span, `${head}let [`, tail)
  text.appendLeft(waitingParameter.start, `...${REST}`)
  text.move(waitingParameter.start, fn.params.at(-1)?.end ?? waitingParameter.end, span.start)
  text.prependRight(span.start, `] = ${REST}; ${giving}`)
}

/** What makes the function between the two texts bear the name: it is what stack traces show. */
function inName(name: string | undefined): readonly [string, string] {
  if (name === undefined) return ['', '']
  const key = JSON.stringify(name)
  return [`({ ${key}: `, ` })[${key}]`]
}

/** Gives what a `return` of a framed function returns to its frame. */
export function insertReturn(edits: Edits, node: Extract<AnyNode, { type: 'ReturnStatement' }>): void {
  const { argument } = node
  if (argument) edits.around(argument, `${FRAME}.give((`, '))')
  else edits.around({ start: node.start + 'return'.length, end: node.end }, ` ${FRAME}.give()`, '')
}

function arrowEnd(syntax: Syntax, fn: FunctionNode): number {
  const from = fn.params.at(-1)?.end ?? fn.start
  return syntax.code.indexOf('=>', from) + '=>'.length
}

/** The function's name, or that of what it is first kept in. */
function nameOf(syntax: Syntax, fn: FunctionNode): string | undefined {
  if (fn.id) return fn.id.name
  const parent = syntax.parentOf(fn)
  switch (parent?.type) {
    case 'VariableDeclarator':
      return textOfName(parent.id)
    case 'AssignmentExpression':
      return textOfName(parent.left.type === 'MemberExpression' ? parent.left.property : parent.left)
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return parent.computed ? undefined : textOfName(parent.key)
    default:
      return undefined
  }
}

function textOfName(node: AnyNode): string | undefined {
  if (node.type === 'Identifier') return node.name
  if (node.type === 'PrivateIdentifier') return `#${node.name}`
  return node.type === 'Literal' ? String(node.value) : undefined
}
