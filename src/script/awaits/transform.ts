import type { EncodedSourceMap } from '@jridgewell/trace-mapping'
import type { AnyNode, Identifier, Pattern } from 'acorn'
import { MagicString } from 'magic-string'
import { INJECTED } from '../script-bundle.ts'
import type { WaitSite } from '../script-bundle.ts'
import { Bindings } from './bindings.ts'
import { blamedSites } from './blame.ts'
import { Edits } from './edits.ts'
import { insertFrame, insertReturn } from './frames.ts'
import type { Draft } from './frames.ts'
import { planWaits } from './graph.ts'
import type { Blind, WaitPlan } from './graph.ts'
import { moduleShape } from './module-shape.ts'
import { placeOf } from './place.ts'
import { isImportMeta } from './syntax.ts'
import type { FunctionNode, Syntax } from './syntax.ts'
import { insertWait } from './wait-text.ts'

/** A bundled module as the body of a function, with `await` inserted where it waits. */
export interface Transformed {
  /** Every line of the module stays on its line; only the returned exports follow on lines of their own. */
  readonly code: string
  readonly map: EncodedSourceMap
  /** By number, as the inserted text uses them; positions are those of the bundled module, without a file. */
  readonly sites: readonly Omit<WaitSite, 'file'>[]
}

/** Path of the file that a node of the bundled module comes from, relative to the script's folder. */
export type FileOf = (node: AnyNode) => string

/**
 * k6's functions return their results; ours return promises of them. Inserts the difference, so that a script written
 * for k6 runs in the same order, and turns the module into a function body.
 */
export function insertAwaits(syntax: Syntax, fileOf: FileOf): Transformed {
  const bindings = new Bindings(syntax)
  const plan = planWaits(bindings)
  const firstId = plan.blind.length
  const ids = new Map([...plan.waiting.keys()].map((fn, index) => [fn, firstId + index]))
  const draft: Draft = { text: new MagicString(syntax.code), edits: new Edits(), syntax, ids }
  insertFrames(draft, plan)
  for (const wait of plan.waits) insertWait(draft, wait)
  plan.blind.forEach((blind, id) => insertGuard(draft, blind, id))
  draft.edits.applyTo(draft.text)
  for (const identifier of syntax.freeIdentifiers()) {
    insertIteration(draft, identifier)
    if (identifier.name === 'open') insertFile(draft, identifier, 'open', fileOf)
  }
  for (const node of syntax.nodes) if (isImportMeta(node)) insertFile(draft, node, 'meta', fileOf)
  wrapModule(draft)
  const { sources, names, mappings } = draft.text.generateMap({ hires: 'boundary' })
  return {
    code: draft.text.toString(),
    map: { version: 3, sources, names, mappings },
    sites: blamedSites(bindings, plan),
  }
}

function insertFrames(draft: Draft, { waiting, waits }: WaitPlan): void {
  const moved = waitingParameters(draft.syntax, waits)
  for (const fn of waiting.keys()) if (!fn.generator) insertFrame(draft, fn, moved.get(fn))
  for (const node of draft.syntax.nodes) {
    if (node.type !== 'ReturnStatement') continue
    const fn = draft.syntax.functionAround(node)
    if (fn && !fn.generator && waiting.has(fn)) insertReturn(draft.edits, node)
  }
}

/** The first parameter of each function whose default value waits. */
function waitingParameters(syntax: Syntax, waits: WaitPlan['waits']): Map<FunctionNode, Pattern> {
  const first = new Map<FunctionNode, Pattern>()
  for (const { spot } of waits) {
    const place = placeOf(syntax, spot.node)
    if (place.kind !== 'function' || place.parameter === undefined) continue
    const before = first.get(place.fn)
    if (before === undefined || place.parameter.start < before.start) first.set(place.fn, place.parameter)
  }
  return first
}

function insertGuard({ edits, syntax }: Draft, { kind, node }: Blind, id: number): void {
  edits.around(node, `${shorthandKey(syntax, node)}${INJECTED.runtime}.${kind}(${id}, `, ')')
}

/** `__ITER` changes from iteration to iteration, so it is read where it stands. */
function insertIteration({ text, syntax }: Draft, identifier: Identifier): void {
  if (identifier.name !== '__ITER') return
  const value = `${shorthandKey(syntax, identifier)}${INJECTED.runtime}.ITER`
  text.update(identifier.start, identifier.end, value)
}

/** `open` and `import.meta` depend on the file in which they stand, and a bundle has many. */
function insertFile({ text, syntax }: Draft, node: AnyNode, name: 'open' | 'meta', fileOf: FileOf): void {
  const file = JSON.stringify(fileOf(node))
  const key = node.type === 'Identifier' ? shorthandKey(syntax, node) : ''
  text.update(node.start, node.end, `${key}${INJECTED.files}.${name}(${file})`)
}

/** `{ name }` has to become `{ name: … }` before something is put in the name's place. */
function shorthandKey(syntax: Syntax, node: Identifier | Blind['node']): string {
  const parent = syntax.parentOf(node)
  return parent?.type === 'Property' && parent.shorthand ? `${syntax.textOf(node)}: ` : ''
}

function wrapModule({ text, syntax }: Draft): void {
  const shape = moduleShape(syntax)
  for (const statement of shape.statements) {
    const lineBreaks = syntax.textOf(statement).replaceAll(/[^\n]/g, '')
    text.overwrite(statement.start, statement.end, `;${lineBreaks}`)
  }
  if (syntax.code.startsWith('#!')) text.overwrite(0, 2, '//')
  text.prepend(`'use strict'; return (async () => { ${shape.imports} `)
  text.append(`\n${shape.exports}\n})()`)
}
