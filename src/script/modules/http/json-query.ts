import { wildcard } from './json-wildcard.ts'

type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | '%' | '!%'

/** `(path op value)` behind a `#`; without an operator, whether the path leads to anything. */
export interface JsonQuery {
  readonly path: string
  readonly operator: Operator | undefined
  /** As written, without quotes. */
  readonly value: string
}

const BRACKETS: Readonly<Record<string, number>> = { '(': 1, '[': 1, ')': -1, ']': -1 }
const OPERATOR = /^(==|=|!=|!%|<=|<|>=|>|%)([^]*)$/

/** The query that begins at `start` of a path, and where it ends; `undefined` when none begins there. */
export function parseQuery(
  text: string,
  start: number,
): { readonly query: JsonQuery; readonly end: number } | undefined {
  if (text[start] !== '#' || (text[start + 1] !== '(' && text[start + 1] !== '[')) return undefined
  const first = start + 2
  let depth = 1
  let operatorAt = -1
  for (let at = first; at < text.length; at++) {
    const letter = text[at] ?? ''
    if (depth === 1 && operatorAt < 0 && '!=<>%'.includes(letter)) operatorAt = at
    at = lastOfToken(text, at)
    depth += BRACKETS[letter] ?? 0
    if (depth === 0) return { query: queryOf(text, first, operatorAt, at), end: at + 1 }
  }
  return undefined
}

/** The end of what begins at `start` and is to be passed over as one: a text in quotes, an escaped letter, any other letter. */
function lastOfToken(text: string, start: number): number {
  if (text[start] === '\\') return start + 1
  return text[start] === '"' ? endOfQuoted(text, start) : start
}

function endOfQuoted(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}

function queryOf(text: string, first: number, operatorAt: number, end: number): JsonQuery {
  if (operatorAt < 0) return { path: text.slice(first, end).trim(), operator: undefined, value: '' }
  const [, operator = '=', value = ''] = OPERATOR.exec(text.slice(operatorAt, end)) ?? []
  return {
    path: text.slice(first, operatorAt).trim(),
    operator: (operator === '==' ? '=' : operator) as Operator,
    value: unquoted(value.trim()),
  }
}

function unquoted(value: string): string {
  return /^"[^]*"$/.test(value) && value.length > 1 ? value.slice(1, -1).replaceAll(/\\([^])/g, '$1') : value
}

/** @param select follows a path */
export function matchesQuery(
  { path, operator, value }: JsonQuery,
  element: unknown,
  select: (value: unknown, path: string) => unknown,
): boolean {
  const isContainer = typeof element === 'object' && element !== null
  if (!isContainer && path !== '') return false
  const found = path === '' ? element : select(element, path)
  if (value.startsWith('~')) return compare(isLike(found, value.slice(1)), operator, 'true')
  if (found === undefined) return false
  return operator === undefined || compare(found, operator, value)
}

const TRUE_TEXTS = new Set(['1', 't', 'true'])
const FALSE_TEXTS = new Set(['0', 'f', 'false'])

/** `~true`, `~false`, `~null` and `~*` look at what a value counts for, not at what it is. */
function isLike(found: unknown, what: string): boolean | undefined {
  switch (what) {
    case '*':
      return found !== undefined
    case 'null':
      return isNothing(found)
    case 'true':
      return found === true || counts(found, TRUE_TEXTS, (number) => number !== 0)
    case 'false':
      return isNothing(found) || found === false || counts(found, FALSE_TEXTS, (number) => number === 0)
    default:
      return undefined
  }
}

function isNothing(found: unknown): boolean {
  return found === undefined || found === null
}

function counts(found: unknown, texts: ReadonlySet<string>, test: (whole: number) => boolean): boolean {
  if (typeof found === 'string') return texts.has(found.toLowerCase())
  return typeof found === 'number' && test(Math.trunc(found))
}

/** Texts are compared as texts, numbers as numbers, `true` is more than `false`, and nothing else compares. */
function compare(found: unknown, operator: Operator | undefined, value: string): boolean {
  if (typeof found === 'string') return compareTexts(found, operator, value)
  if (typeof found === 'number') return compareOrdered(found, operator, Number.parseFloat(value) || 0)
  if (typeof found !== 'boolean') return false
  if (value !== 'true' && value !== 'false') return operator === '!='
  return compareOrdered(Number(found), operator, Number(value === 'true'))
}

function compareTexts(found: string, operator: Operator | undefined, value: string): boolean {
  if (operator === '%') return wildcard(value).test(found)
  if (operator === '!%') return !wildcard(value).test(found)
  return compareOrdered(found, operator, value)
}

function compareOrdered<T extends string | number>(
  found: T,
  operator: Operator | undefined,
  value: T,
): boolean {
  switch (operator) {
    case '=':
      return found === value
    case '!=':
      return found !== value
    case '<':
      return found < value
    case '<=':
      return found <= value
    case '>':
      return found > value
    case '>=':
      return found >= value
    default:
      return false
  }
}
