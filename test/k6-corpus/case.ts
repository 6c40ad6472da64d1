/** The scripts of the corpus and what k6 does with each. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** Scripts with their expectations beside them, and the modules and data that they use. */
export const FIXTURES: string = fileURLToPath(new URL('./fixtures/', import.meta.url))

/** What takes time may come out a little more or less often: from … to …, both included. */
export type Count = number | readonly [number, number]

export interface ExpectedRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly count: Count
  /** Exact, `/a pattern/`, or null: there must be none. */
  readonly headers?: Readonly<Record<string, string | null>> | undefined
  /** All of them. */
  readonly cookies?: Readonly<Record<string, string>> | undefined
  /** An object: the fields of a form or of a JSON body. */
  readonly body?: string | Readonly<Record<string, unknown>> | undefined
  /** Of a multipart body, in their order; only what is named here counts. */
  readonly parts?: readonly Readonly<Record<string, string>>[] | undefined
}

export interface Expectation {
  readonly exitCode: number
  readonly flags: readonly string[]
  /** Given with `-e`. */
  readonly env: Readonly<Record<string, string>>
  readonly iterations: Count
  /** Whether the requests come in the order in which they are listed. */
  readonly ordered: boolean
  readonly requests: readonly ExpectedRequest[]
  /** Passes and fails by path (`::group::check`): all of them. */
  readonly checks: Readonly<Record<string, readonly [number, number]>>
  /** Of some metrics, some statistics. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, Count>>>>
  /** Whether it holds, by metric and expression: all of them. */
  readonly thresholds: Readonly<Record<string, Readonly<Record<string, boolean>>>>
  /** What stands somewhere in headroom's output. */
  readonly prints: readonly string[]
  /** Files that the run leaves, with their text. */
  readonly files: Readonly<Record<string, string>>
  /** Why k6 itself cannot run the script here. */
  readonly headroomOnly?: string | undefined
}

export interface CorpusCase {
  readonly name: string
  /** Its script, relative to `FIXTURES`. */
  readonly script: string
  readonly expectation: Expectation
}

/** `METHOD /path?query`, with ` x3` or ` x3-5` after it when it comes several times. */
const REQUEST_LINE = /^(\S+) (\S+)(?: x(\d+)(?:-(\d+))?)?$/

const lineSchema = z.string().regex(REQUEST_LINE)
const countSchema = z.union([z.number(), z.tuple([z.number(), z.number()])])
const textsSchema = z.record(z.string(), z.string())

const requestSchema = z.strictObject({
  request: lineSchema,
  headers: z.record(z.string(), z.string().nullable()).optional(),
  cookies: textsSchema.optional(),
  body: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  parts: z.array(textsSchema).optional(),
})

const expectationSchema = z.strictObject({
  exitCode: z.number().default(0),
  flags: z.array(z.string()).default([]),
  env: textsSchema.default({}),
  iterations: countSchema.default(1),
  ordered: z.boolean().default(true),
  requests: z.array(z.union([lineSchema, requestSchema])),
  checks: z.record(z.string(), z.tuple([z.number(), z.number()])).default({}),
  metrics: z.record(z.string(), z.record(z.string(), countSchema)).default({}),
  thresholds: z.record(z.string(), z.record(z.string(), z.boolean())).default({}),
  prints: z.array(z.string()).default([]),
  files: textsSchema.default({}),
  headroomOnly: z.string().optional(),
})

export function readCorpus(): CorpusCase[] {
  const scripts = readdirSync(FIXTURES).filter((file) => /\.[jt]s$/.test(file))
  return scripts.sort().map((script) => {
    const name = basename(script, extname(script))
    return { name, script, expectation: readExpectation(`${FIXTURES}${name}.json`) }
  })
}

function readExpectation(file: string): Expectation {
  const { data, error } = expectationSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (data === undefined) throw new Error(`${file}: ${z.prettifyError(error)}`)
  return { ...data, requests: data.requests.map(expectedRequest) }
}

function expectedRequest(given: string | z.infer<typeof requestSchema>): ExpectedRequest {
  const { request, ...rest } = typeof given === 'string' ? { request: given } : given
  const [, method = '', path = '', low = '1', high] = REQUEST_LINE.exec(request) ?? []
  return { ...rest, method, path, count: high === undefined ? Number(low) : [Number(low), Number(high)] }
}

/** Whether a number is what was expected; figures that were computed may be off in their last digits. */
export function isCount(expected: Count, observed: number): boolean {
  if (typeof expected !== 'number') return observed >= expected[0] && observed <= expected[1]
  return Math.abs(observed - expected) <= 1e-9 * Math.abs(expected)
}

export function showCount(count: Count): string {
  return typeof count === 'number' ? String(count) : `${count[0]} to ${count[1]}`
}
