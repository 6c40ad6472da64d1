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
    if (wait.by === 'yield') draft.edits.around(node, `(yield ${markerOf(draft, node)}`, '))')
    else if (!isAwaited) draft.edits.around(node, '(await ', ')')
    return
  }
  insertMaybe(draft, node, wait.by)
  if (call.loop) insertLoop(draft, node, call.loop)
}

/** `(is it a wait? its result : the value itself)`: nothing happens later than on k6 unless something waits. */
function insertMaybe(draft: Draft, node: AnyNode, by: Wait['by'], inner = ''): void {
  const result = `${WAITS}.result`
  const settled = by === 'await' ? `await ${result}` : `yield ${markerOf(draft, node)}${result})`
  draft.edits.around(
    node,
    `(${WAITS}.isWait(${inner}`,
    `${inner && ')'}) ? ${WAITS}.settled(${settled}) : ${WAITS}.result)`,
  )
}

function markerOf({ ids, syntax }: Draft, node: AnyNode): string {
  const fn = syntax.functionAround(node)
  return `${WAITS}.marker(${fn === undefined ? 0 : ids.get(fn)}, `
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
  if (node.type === 'ForOfStatement') {
    if (wait.by === 'await') insertForAwait(draft, node)
  } else if (node.type === 'SpreadElement') insertMaybe(draft, iterable, wait.by, `${WAITS}.collect(`)
  else if (node.type === 'VariableDeclarator' || node.type === 'AssignmentExpression') {
    const pattern = node.type === 'VariableDeclarator' ? node.id : node.left
    const count = pattern.type === 'ArrayPattern' ? countOf(pattern.elements) : 'Infinity'
    insertMaybe(draft, iterable, wait.by, `${WAITS}.take(${count}, `)
  }
}

/** How many elements an array pattern takes. */
function countOf(elements: readonly (AnyNode | null)[]): string {
  return elements.at(-1)?.type === 'RestElement' ? 'Infinity' : String(elements.length)
}

/** Each element comes in an object of its own, so that `for await` does not wait for elements that are promises. */
function insertForAwait({ edits, text }: Draft, node: Extract<AnyNode, { type: 'ForOfStatement' }>): void {
  text.appendLeft(node.start + 'for'.length, ' await')
  const target = node.left.type === 'VariableDeclaration' ? node.left.declarations[0]?.id : node.left
  if (target) edits.around(target, '{ value: ', ' }')
  edits.around(node.right, `${WAITS}.sequence(`, ')')
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
