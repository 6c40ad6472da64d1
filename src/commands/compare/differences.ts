/** What must not differ between runs whose figures are compared. */
import { EXIT, UserError } from '../../core/errors.ts'
import type { AllowedDifference } from './nights/request.ts'
import type { RunSetup, SideRun } from './side-run.ts'

export interface Difference {
  /** What allows it. */
  readonly aspect: AllowedDifference
  readonly where: string
  /** `scenarios.main.rate 80 against 100`. */
  readonly what: string
}

/** Longer lists tell that these are other options, not which. */
const MAX_PATHS = 10
const MAX_VALUE_LENGTH = 40

/**
 * How these runs differ from the first of them in script, options and kind of target; each difference once. What a file
 * does not tell differs from nothing.
 *
 * The mock and the seed are no part of the options' hash: a mock with another limit, or the same load drawn again, is what
 * people compare, and which mock it was is shown with the runs.
 */
export function differencesBetween(runs: readonly SideRun[]): Difference[] {
  const [first, ...others] = runs.map(({ setup }) => setup)
  if (first === undefined) return []
  const found = others.flatMap((other) => differencesOf(first, other))
  return [...new Map(found.map((difference) => [sentenceOf(difference), difference])).values()]
}

export function sentenceOf({ where, what }: Difference): string {
  return `${where}: ${what}`
}

/** @throws UserError (usage) with every difference that is not allowed */
export function assertComparable(
  differences: readonly Difference[],
  allowed: readonly AllowedDifference[],
): void {
  const faults = differences
    .filter(({ aspect }) => !allowed.includes(aspect))
    .map(({ aspect, where, what }) => ({
      where,
      what,
      todo: `Compare runs of the same thing, or add --allow ${aspect}.`,
    }))
  if (faults.length > 0) throw new UserError(EXIT.usage, faults)
}

function differencesOf(one: RunSetup, other: RunSetup): Difference[] {
  return [
    ...textDifference('script', 'scenario', one.scenario, other.scenario),
    ...textDifference('script', 'script sha256', short(one.scriptSha256), short(other.scriptSha256)),
    ...optionsDifference(one, other),
    ...textDifference('target', 'target', one.targetKind, other.targetKind),
    ...textDifference('target', 'time', one.time, other.time),
  ]
}

function textDifference(aspect: AllowedDifference, where: string, one: string, other: string): Difference[] {
  if (one === '' || other === '' || one === other) return []
  return [{ aspect, where, what: `${one} against ${other}` }]
}

function short(sha256: string): string {
  return sha256.slice(0, 12)
}

function optionsDifference(one: RunSetup, other: RunSetup): Difference[] {
  if (one.optionsSha256 === other.optionsSha256) return []
  const areKnown = one.options !== undefined && other.options !== undefined
  const differing = areKnown ? pathsThatDiffer(one.options, other.options, '') : []
  const paths = differing.filter(counts)
  if (paths.length === 0 && differing.some(isImportedFile)) return []
  // Not known, or something beside the options, such as --max-requests.
  if (paths.length === 0) {
    return textDifference('options', 'options sha256', short(one.optionsSha256), short(other.optionsSha256))
  }
  const shown = paths.slice(0, MAX_PATHS).map(({ path, values }) => `${path} ${values.join(' against ')}`)
  const more = paths.length > MAX_PATHS ? [`${paths.length - MAX_PATHS} more`] : []
  return [{ aspect: 'options', where: 'options', what: [...shown, ...more].join(', ') }]
}

interface OtherValue {
  readonly path: string
  readonly values: readonly [one: string, other: string]
}

function counts(value: OtherValue): boolean {
  return !/^headroom\.(mock|seed)\b/.test(value.path) && !isImportedFile(value)
}

/** What an imported run was read from is its figures, and no option of it. */
function isImportedFile({ path }: OtherValue): boolean {
  return /^files\b/.test(path)
}

function pathsThatDiffer(one: unknown, other: unknown, path: string): OtherValue[] {
  const [ofOne, ofOther] = [fieldsOf(one), fieldsOf(other)]
  if (ofOne === undefined || ofOther === undefined) {
    const values = [valueText(one), valueText(other)] as const
    return JSON.stringify(one) === JSON.stringify(other) ? [] : [{ path, values }]
  }
  return [...new Set([...ofOne.keys(), ...ofOther.keys()])].flatMap((key) =>
    pathsThatDiffer(ofOne.get(key), ofOther.get(key), path === '' ? key : `${path}.${key}`),
  )
}

/** Fields of an object; items of a list under their names, or else their places. */
function fieldsOf(value: unknown): Map<string, unknown> | undefined {
  if (Array.isArray(value)) return new Map(value.map((item, index) => [nameOf(item) ?? String(index), item]))
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined
}

function nameOf(item: unknown): string | undefined {
  const isNamed = typeof item === 'object' && item !== null && 'name' in item
  return isNamed && typeof item.name === 'string' ? item.name : undefined
}

function valueText(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text
}
