/** The long part of `headroom mock --help`, out of the tables that the mock itself reads by. */
import { FAULT_TABLE } from '../../mock-server/fault-syntax.ts'
import { LATENCY_SYNTAX } from '../../mock-server/latency.ts'
import { LIMITS_PATCH_TABLE } from '../../mock-server/limits-patch.ts'
import { SPEC_KEY_GROUPS } from '../../mock-server/spec.ts'

const WIDTH = 110
/** Where meanings begin; a longer term has a line of its own. */
const INDENT = 30

type Row = readonly [term: string, meaning: string]

/** Every key of a spec, the latency models, the faults and the keys of the admin API's limits. */
export function mockReference(): string {
  const settings = SPEC_KEY_GROUPS.map(({ title, keys }) =>
    section(
      `${title}:`,
      keys.map(({ name, syntax, meaning }) => [`${name}=${syntax}`, meaning]),
    ),
  )
  return [
    ...settings,
    section('MODEL of a latency:', [[LATENCY_SYNTAX, '']]),
    section('FAULT, several joined by +:', FAULT_TABLE),
    section('PATCH /__mock/limits takes a JSON object of:', LIMITS_PATCH_TABLE),
  ].join('\n')
}

function section(title: string, rows: readonly Row[]): string {
  return `${title}\n${rows.map(rowText).join('')}`
}

function rowText([term, meaning]: Row): string {
  // A choice is not broken where it has choices of its own.
  const terms = wrap(term, WIDTH - 2, /(?<=, |\|)(?![^(]*\))/).map((line) => `  ${line}`)
  const meanings = wrap(meaning, WIDTH - INDENT, /(?<= )/)
  const fits = terms.length === 1 && terms[0]!.length + 2 <= INDENT
  const first = fits ? [`${terms[0]!.padEnd(INDENT)}${meanings.shift() ?? ''}`] : terms
  const lines = [...first, ...meanings.map((line) => ' '.repeat(INDENT) + line)]
  return lines.map((line) => `${line.trimEnd()}\n`).join('')
}

/** Lines of at most that width, broken where the pattern matches. */
function wrap(text: string, width: number, breaks: RegExp): string[] {
  const lines: string[] = []
  let line = ''
  for (const piece of text.split(breaks)) {
    if (line !== '' && (line + piece).trimEnd().length > width) {
      lines.push(line.trimEnd())
      line = ''
    }
    line += piece
  }
  return line === '' ? lines : [...lines, line.trimEnd()]
}
