import { unsupported } from '../unsupported.ts'
import { type JsonQuery, matchesQuery, parseQuery } from './json-query.ts'
import { wildcard } from './json-wildcard.ts'

/** One part of a path. */
type Step =
  | { readonly kind: 'key'; readonly name: string; readonly pattern: RegExp | undefined }
  /** `#`: how many, or with more behind it, each of them. */
  | { readonly kind: 'elements' }
  | { readonly kind: 'query'; readonly query: JsonQuery; readonly isAll: boolean }

/** What `|` separates: each works on the whole result of the one before. */
type Path = readonly (readonly Step[])[]

const MODIFIERS = new Set(
  'pretty ugly reverse this flatten join valid keys values tostr fromstr group dig'.split(' '),
)

/** Scripts have a handful of paths; one that makes them up as it goes must not fill the memory. */
const MAX_CACHED_PATHS = 1_000
const parsedPaths = new Map<string, Path>()

/**
 * What a path in the syntax of gjson (its document "GJSON Path Syntax") finds in a JSON value: keys, indexes, `#`,
 * queries, wildcards, escapes and pipes. `undefined` when it finds nothing.
 *
 * @throws {ScriptError} for its modifiers and multipaths, which are not offered here
 */
export function selectJson(value: unknown, path: string): unknown {
  return parsedPath(path).reduce<unknown>((found, steps) => follow(found, steps, 0), value)
}

function parsedPath(text: string): Path {
  const known = parsedPaths.get(text)
  if (known !== undefined) return known
  const path = new PathParser(text).parse()
  if (parsedPaths.size >= MAX_CACHED_PATHS) parsedPaths.clear()
  parsedPaths.set(text, path)
  return path
}

function follow(value: unknown, steps: readonly Step[], at: number): unknown {
  const step = steps[at]
  if (step === undefined || value === undefined) return value
  const rest = (found: unknown): unknown => follow(found, steps, at + 1)
  if (step.kind === 'key') return rest(member(value, step))
  if (!Array.isArray(value)) return step.kind === 'elements' ? rest(ownValue(value, '#')) : undefined
  if (step.kind === 'elements') return at === steps.length - 1 ? value.length : foundIn(value, rest)
  const matches = (element: unknown): boolean => matchesQuery(step.query, element, selectJson)
  return step.isAll ? foundIn(value.filter(matches), rest) : rest(value.find(matches))
}

function foundIn(elements: readonly unknown[], rest: (element: unknown) => unknown): unknown[] {
  return elements.map(rest).filter((found) => found !== undefined)
}

function member(value: unknown, { name, pattern }: Extract<Step, { kind: 'key' }>): unknown {
  if (Array.isArray(value)) return /^\d+$/.test(name) ? (value[Number(name)] as unknown) : undefined
  if (pattern === undefined) return ownValue(value, name)
  if (typeof value !== 'object' || value === null) return undefined
  return Object.entries(value).find(([key]) => pattern.test(key))?.[1]
}

function ownValue(value: unknown, key: string): unknown {
  const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, key)
  return isObject ? (value as Record<string, unknown>)[key] : undefined
}

class PathParser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  parse(): Path {
    const path: Step[][] = [[]]
    for (;;) {
      const step = this.#step()
      path.at(-1)?.push(step)
      const separator = this.#text[this.#at++]
      if (separator === undefined) return path
      if (separator === '|') path.push([])
    }
  }

  #step(): Step {
    this.#refuseSpecials()
    const query = parseQuery(this.#text, this.#at)
    if (query !== undefined) {
      const isAll = this.#text[query.end] === '#'
      this.#at = query.end + (isAll ? 1 : 0)
      return { kind: 'query', query: query.query, isAll }
    }
    return this.#key()
  }

  /** Up to the next separator; a backslash takes its meaning from any character. */
  #key(): Step {
    const start = this.#at
    let name = ''
    let hasWildcard = false
    for (; this.#at < this.#text.length; this.#at++) {
      let letter = this.#text[this.#at] ?? ''
      if (letter === '.' || letter === '|') break
      if (letter === '*' || letter === '?') hasWildcard = true
      if (letter === '\\') letter = this.#text[++this.#at] ?? ''
      name += letter
    }
    const written = this.#text.slice(start, this.#at)
    if (written === '#') return { kind: 'elements' }
    return { kind: 'key', name, pattern: hasWildcard ? wildcard(written) : undefined }
  }

  #refuseSpecials(): void {
    const rest = this.#text.slice(this.#at)
    const modifier = /^@(\w+)/.exec(rest)?.[1]
    if (modifier !== undefined && MODIFIERS.has(modifier)) {
      throw unsupported(`the modifier @${modifier} in Response.json(${JSON.stringify(this.#text)})`)
    }
    if (rest.startsWith('{') || rest.startsWith('[')) {
      throw unsupported(`the multipath in Response.json(${JSON.stringify(this.#text)})`)
    }
  }
}
