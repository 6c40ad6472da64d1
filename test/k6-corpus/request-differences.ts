/** Where the requests that arrived are not those that were expected. */
import { isDeepStrictEqual } from 'node:util'
import type { RecordedPart, RecordedRequest } from '../support/recording-server.ts'
import { type ExpectedRequest, type Expectation, isCount, showCount } from './case.ts'

export function requestDifferences(
  expected: Pick<Expectation, 'requests' | 'ordered'>,
  observed: readonly RecordedRequest[],
): string[] {
  return expected.ordered ? inOrder(expected.requests, observed) : inAnyOrder(expected.requests, observed)
}

function inOrder(expected: readonly ExpectedRequest[], observed: readonly RecordedRequest[]): string[] {
  const sequence = expected.flatMap((request) => Array<ExpectedRequest>(leastOf(request)).fill(request))
  const length = Math.max(sequence.length, observed.length)
  return Array.from({ length }, (_, index) => {
    const [wanted, got] = [sequence[index], observed[index]]
    const place = `request ${index + 1}`
    if (wanted === undefined) return [`${place}: ${lineOf(got)}, expected none`]
    if (got === undefined) return [`${place}: none, expected ${lineOf(wanted)}`]
    return mismatches(wanted, got).map((mismatch) => `${place}: ${mismatch}`)
  }).flat()
}

function leastOf({ count }: ExpectedRequest): number {
  if (typeof count !== 'number') throw new RangeError('requests in order have exact counts')
  return count
}

/** Each request counts for the first expected one that it fits and that is not complete. */
function inAnyOrder(expected: readonly ExpectedRequest[], observed: readonly RecordedRequest[]): string[] {
  const counts = new Map(expected.map((request) => [request, 0]))
  const strangers: string[] = []
  for (const request of observed) {
    const fitting = expected.filter((each) => mismatches(each, request).length === 0)
    const taker = fitting.find((each) => (counts.get(each) ?? 0) < mostOf(each)) ?? fitting[0]
    if (taker === undefined) strangers.push(`${lineOf(request)}: ${explain(expected, request)}`)
    else counts.set(taker, (counts.get(taker) ?? 0) + 1)
  }
  const wrong = [...counts].filter(([{ count }, seen]) => !isCount(count, seen))
  return [
    ...strangers,
    ...wrong.map(
      ([request, seen]) => `${lineOf(request)}: ${seen} times, expected ${showCount(request.count)}`,
    ),
  ]
}

function mostOf({ count }: ExpectedRequest): number {
  return typeof count === 'number' ? count : count[1]
}

/** What is wrong with a request whose line at least is known. */
function explain(expected: readonly ExpectedRequest[], request: RecordedRequest): string {
  const sameLine = expected.filter((each) => lineOf(each) === lineOf(request))
  const reasons = sameLine.flatMap((each) => mismatches(each, request))
  return reasons.length === 0 ? 'not expected' : reasons.join(' / ')
}

function lineOf(request: { readonly method: string; readonly path: string } | undefined): string {
  return request === undefined ? 'none' : `${request.method} ${request.path}`
}

function mismatches(expected: ExpectedRequest, observed: RecordedRequest): string[] {
  if (lineOf(expected) !== lineOf(observed)) return [`${lineOf(observed)}, expected ${lineOf(expected)}`]
  const { headers = {}, cookies, body, parts } = expected
  return [
    ...Object.entries(headers).flatMap(([name, value]) => headerMismatch(name, value, observed)),
    ...(cookies === undefined ? [] : mismatch('cookies', cookies, cookiesOf(observed))),
    ...(body === undefined ? [] : mismatch('body', body, bodyOf(observed, typeof body === 'object'))),
    ...(parts === undefined ? [] : mismatch('parts', parts, partsLike(parts, observed.parts))),
  ]
}

function headerMismatch(name: string, expected: string | null, { headers }: RecordedRequest): string[] {
  const observed = headers[name] ?? null
  const pattern = /^\/(.*)\/$/.exec(expected ?? '')?.[1]
  if (pattern !== undefined && new RegExp(pattern).test(String(observed))) return []
  return mismatch(name, expected, observed)
}

function mismatch(what: string, expected: unknown, observed: unknown): string[] {
  if (isDeepStrictEqual(observed, expected)) return []
  return [`${what} ${JSON.stringify(observed)}, expected ${JSON.stringify(expected)}`]
}

function cookiesOf({ headers }: RecordedRequest): Record<string, string> {
  const pairs = (headers.cookie ?? '').split('; ').filter((pair) => pair !== '')
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )
}

function bodyOf({ headers, body }: RecordedRequest, asFields: boolean): unknown {
  if (!asFields) return body
  const fields = fieldsOfForm(headers, body)
  if (fields !== undefined) return fields
  try {
    return JSON.parse(body) as unknown
  } catch {
    return body
  }
}

/** `undefined` when the body is no form. */
export function fieldsOfForm(
  headers: RecordedRequest['headers'],
  body: string,
): Record<string, string> | undefined {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
  return isForm ? Object.fromEntries(new URLSearchParams(body)) : undefined
}

/** The parts with only those properties that are expected of them. */
function partsLike(
  expected: NonNullable<ExpectedRequest['parts']>,
  observed: readonly RecordedPart[] = [],
): unknown {
  return observed.map((part, index) => {
    const wanted = new Set(Object.keys(expected[index] ?? part))
    return Object.fromEntries(Object.entries(part).filter(([key]) => wanted.has(key)))
  })
}
