import type { AnyNode } from 'acorn'
import { INJECTED } from '../script-bundle.ts'
import type { Draft } from './frames.ts'
import type { Wait } from './graph.ts'

const { waits: WAITS } = INJECTED

/** Makes a spot wait for its result, if that is a wait; a call of k6's own function by its name always is. */
export function insertWait(draft: Draft, wait: Wait): void {
  const { spot } = wait
  if (spot.kind === 'iteration') return insertIterationWait(draft, wait, spot.node, spot.iterable)
  const { node, call } = spot
  const isPlain = call.api !== undefined
  if (isChained(draft, node) && !isPlain) return
  if (isPlain) {
    const isAwaited = draft.syntax.parentOf(node)?.type === 'AwaitExpression'
    if (wait.by === 'yield') draft.edits.around(node, resumedBy(draft, node), '))')
    else if (!isAwaited) draft.edits.around(node, '(await ', ')')
    return
  }
  insertMaybe(draft, node, wait.by)
  if (call.loop) insertLoop(draft, node, call.loop)
}

/** `(is it a wait? its result : the value itself)`: nothing happens later than on k6 unless something waits. */
function insertMaybe(draft: Draft, node: AnyNode, by: Wait['by'], inner = ''): void {
  const [before, after] = maybe(draft, node, by)
  draft.edits.around(node, before + inner, (inner && ')') + after)
}

/** What to put around an expression at `node` that may stand for a wait. */
function maybe(draft: Draft, node: AnyNode, by: Wait['by']): readonly [string, string] {
  const result = `${WAITS}.result`
  const settled =
    by === 'await' ? `${WAITS}.settled(await ${result})` : `${resumedBy(draft, node)}${result}))`
  return [`(${WAITS}.isWait(`, `) ? ${settled} : ${result})`]
}

/** How a generator waits for what follows, which two parentheses are to close. */
function resumedBy({ ids, syntax }: Draft, node: AnyNode): string {
  const fn = syntax.functionAround(node)
  const id = fn === undefined ? 0 : ids.get(fn)
  return `${WAITS}.resumed(${id}, yield ${WAITS}.marker(${id}, `
}

/** `items.map(f)` becomes `loop("map", items, f)`. */
function insertLoop({ text, edits, syntax }: Draft, node: AnyNode, loop: NonNullable<Loop>): void {
  const { name, property } = loop
  const dot = syntax.code.lastIndexOf('.', property.start)
  const parenthesis = syntax.code.indexOf('(', property.end)
  text.update(dot, parenthesis + 1, ', ')
  edits.around({ start: node.start, end: property.start }, `${WAITS}.loop(${JSON.stringify(name)}, `, '')
}

type Loop = Extract<Wait['spot'], { kind: 'call' }>['call']['loop']

function insertIterationWait(draft: Draft, wait: Wait, node: AnyNode, iterable: AnyNode): void {
  switch (node.type) {
    case 'ForOfStatement':
      return insertForOf(draft, wait, node)
    case 'VariableDeclarator':
      return insertMaybe(draft, iterable, wait.by, `${WAITS}.take(${countOf(node.id)}, `)
    case 'AssignmentExpression':
      return insertMaybe(draft, iterable, wait.by, `${WAITS}.take(${countOf(node.left)}, `)
    case 'YieldExpression':
      return undefined // hands on the waits of what it delegates to as they come
    default:
      return insertMaybe(draft, iterable, wait.by, `${WAITS}.collect(`)
  }
}

/** How many elements a pattern takes. */
function countOf(pattern: AnyNode): string {
  const elements = pattern.type === 'ArrayPattern' ? pattern.elements : []
  return elements.at(-1)?.type === 'RestElement' ? 'Infinity' : String(elements.length)
}

const EACH = '__each'

/**
 * `for (const x of xs) body` becomes `for (each.over(xs); each.advance(); ) { const x = each.value; body }` in a block
 * that closes the iterator, as the language does, when the loop is left.
 */
function insertForOf(draft: Draft, { by }: Wait, node: Extract<AnyNode, { type: 'ForOfStatement' }>): void {
  const { text, edits, syntax } = draft
  const [before, after] = maybe(draft, node, by)
  const step = (method: string): string => `${before}${EACH}.${method}()${after}`
  const isDeclared = node.left.type === 'VariableDeclaration'
  const headStart = syntax.code.indexOf('(', node.start)
  const headEnd = syntax.code.lastIndexOf(')', node.body.start)
  const targetStart = isDeclared ? node.left.start : headStart
  const of = syntax.code.indexOf('of', node.left.end)
  const leaving = `catch (__error) { ${step('abandon')}; throw __error; } finally { ${step('close')}; }`
  edits.around(labelled(syntax, node), `{ const ${EACH} = ${WAITS}.each(); try { `, ` } } ${leaving} }`)
  text.update(of, of + 'of'.length, `${isDeclared ? '' : '('}${EACH}.over(`) // the parenthesis moves with a target
  text.move(targetStart, node.left.end, headEnd)
  text.prependRight(targetStart, `); ${step('advance')}; ) { `)
  text.update(headEnd, headEnd + 1, ` = ${EACH}.value${isDeclared ? '' : ')'};`)
}

/** The statement with its labels. */
function labelled(syntax: Draft['syntax'], node: AnyNode): AnyNode {
  const parent = syntax.parentOf(node)
  return parent?.type === 'LabeledStatement' ? labelled(syntax, parent) : node
}

/** Whether the rest of an optional chain hangs on the call: parentheses around it would cut the chain. */
function isChained({ syntax }: Draft, node: AnyNode): boolean {
  const parent = syntax.parentOf(node)
  const goesOn =
    (parent?.type === 'MemberExpression' && parent.object === node) ||
    (parent?.type === 'CallExpression' && parent.callee === node)
  return goesOn && hasOptionalLink(node)
}

function hasOptionalLink(node: AnyNode): boolean {
  let link: AnyNode = node
  while (link.type === 'CallExpression' || link.type === 'MemberExpression') {
    if (link.optional) return true
    link = link.type === 'CallExpression' ? link.callee : link.object
  }
  return false
}
