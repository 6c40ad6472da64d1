import type { EncodedSourceMap } from '@jridgewell/trace-mapping'
import type { AnyNode, Identifier } from 'acorn'
import { MagicString } from 'magic-string'
import { INJECTED } from '../script-bundle.ts'
import type { WaitSite } from '../script-bundle.ts'
import { Bindings } from './bindings.ts'
import { planWaits } from './graph.ts'
import type { Blind } from './graph.ts'
import { moduleShape } from './module-shape.ts'
import type { Syntax } from './syntax.ts'

/** A bundled module as the body of a function, with `await` inserted where it waits. */
export interface Transformed {
  /** Every line of the module stays on its line; only the returned exports follow on lines of their own. */
  readonly code: string
  readonly map: EncodedSourceMap
  /** By number, as the inserted text uses them; positions are those of the bundled module, without a file. */
  readonly sites: readonly Omit<WaitSite, 'file'>[]
}

/**
 * k6's functions return their results; ours return promises of them. Inserts the difference, so that a script written
 * for k6 runs in the same order, and turns the module into a function body.
 */
export function insertAwaits(syntax: Syntax): Transformed {
  const plan = planWaits(new Bindings(syntax))
  const text = new MagicString(syntax.code)
  // Inserts at one offset stay in the order of insertion, so what encloses comes first.
  for (const node of plan.awaited) {
    if (syntax.parentOf(node)?.type !== 'AwaitExpression') surround(text, node, '(await ')
  }
  plan.blind.forEach((blind, id) => insertGuard(text, syntax, blind, id))
  for (const fn of plan.madeAsync) text.appendLeft(fn.start, 'async ')
  for (const identifier of syntax.freeIdentifiers()) insertIteration(text, syntax, identifier)
  wrapModule(text, syntax)
  const { sources, names, mappings } = text.generateMap({ hires: 'boundary' })
  return {
    code: text.toString(),
    map: { version: 3, sources, names, mappings },
    sites: plan.blind.map(describeSite),
  }
}

function insertGuard(text: MagicString, syntax: Syntax, { kind, node }: Blind, id: number): void {
  surround(text, node, `${shorthandKey(syntax, node)}${INJECTED.runtime}.${kind}(${id}, `)
}

function surround(text: MagicString, node: AnyNode, before: string): void {
  text.appendLeft(node.start, before)
  text.appendLeft(node.end, ')')
}

/** `__ITER` changes from iteration to iteration, so it is read where it stands. */
function insertIteration(text: MagicString, syntax: Syntax, identifier: Identifier): void {
  if (identifier.name !== '__ITER') return
  const value = `${shorthandKey(syntax, identifier)}${INJECTED.runtime}.ITER`
  text.overwrite(identifier.start, identifier.end, value)
}

/** `{ name }` has to become `{ name: … }` before something is put in the name's place. */
function shorthandKey(syntax: Syntax, node: AnyNode): string {
  const parent = syntax.parentOf(node)
  return parent?.type === 'Property' && parent.shorthand ? `${syntax.textOf(node)}: ` : ''
}

function wrapModule(text: MagicString, syntax: Syntax): void {
  const shape = moduleShape(syntax)
  for (const statement of shape.statements) {
    const lineBreaks = syntax.textOf(statement).replaceAll(/[^\n]/g, '')
    text.overwrite(statement.start, statement.end, `;${lineBreaks}`)
  }
  if (syntax.code.startsWith('#!')) text.overwrite(0, 2, '//')
  text.prepend(`'use strict'; return (async () => { ${shape.imports} `)
  text.append(`\n${shape.exports}\n})()`)
}

function describeSite({ node, what, reason }: Blind): Omit<WaitSite, 'file'> {
  const { line, column } = node.loc?.start ?? { line: 1, column: 0 }
  return { line, column: column + 1, what, why: reason.why, rewrite: reason.rewrite }
}
