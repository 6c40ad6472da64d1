/** Folders of nights made by hand, and the commands on them. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished } from 'vitest'
import type { Io } from '../../../../src/commands/io.ts'
import { EXIT, UserError, type ExitCode } from '../../../../src/core/errors.ts'
import type { NightsRequest } from '../../../../src/commands/compare/nights/request.ts'
import { runNights } from '../../../../src/commands/compare/nights/run-nights.ts'
import type { DurationSummary, NameSummary, RunSummary } from '../../../../src/measure/summary.ts'
import { plainStyler } from '../../../../src/report/style.ts'
import { RunDirectory } from '../../../../src/run-files/run-directory.ts'
import type { RunEnd, RunFacts } from '../../../../src/run-files/run-facts.ts'
import { readCsvRows } from '../../../support/csv-reader.ts'
import { END, FACTS, SUMMARY } from '../../../support/summary-fixture.ts'

const DAY_MS = 86_400_000
const SPAN = { warmupUs: 0, loadEndUs: 300_000_000, keepsRequests: false }

/** Nights around 1 whose logarithms have a standard deviation of about 2 %. */
const CALM = [1, 1.02, 0.98, 1.01, 0.99, 1.03, 0.97, 1, 1.02, 0.98]

function calm(night: number): number {
  return CALM[night % CALM.length] ?? 1
}

export interface NightParts {
  /** Of all response times. */
  readonly factor?: number
  /** Names that are slower or faster by another factor. */
  readonly factorOf?: Readonly<Record<string, number>>
  readonly facts?: Partial<RunFacts>
  readonly end?: Partial<RunEnd>
  readonly summary?: Partial<RunSummary>
}

export function newFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'headroom-test-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** An id whose first seven characters, which name the directory, are its own. */
export function idOf(night: number | string): string {
  return `${night}`.padStart(7, '0').padEnd(16, 'f')
}

/** Writes the run of that night, and its line in runs.csv. */
export async function writeNight(folder: string, night: number, parts: NightParts = {}): Promise<string> {
  const { factor = calm(night), factorOf = {} } = parts
  const epochMs = FACTS.epochMs + night * DAY_MS
  const facts = { ...FACTS, runId: idOf(night), epochMs, wallStartedAtMs: epochMs, ...parts.facts }
  const names = SUMMARY.names.map((row) => slower(row, factorOf[row.name] ?? factor))
  const run = await RunDirectory.create(folder, facts, SPAN)
  await run.finish({ ...SUMMARY, names, ...parts.summary }, { ...END, exitCode: 0, ...parts.end })
  return run.path
}

function slower(row: NameSummary, factor: number): NameSummary {
  const times = Object.entries(row.responseTimeAccepted).map(([key, value]: [string, number | undefined]) => [
    key,
    key === 'count' || value === undefined ? value : value * factor,
  ])
  return { ...row, responseTimeAccepted: Object.fromEntries(times) as DurationSummary }
}

/** Writes so many nights, the first one of number 0. */
export async function writeNights(folder: string, count: number, parts?: NightParts): Promise<void> {
  if (parts === undefined) return cpSync(await calmNights(count), folder, { recursive: true })
  for (let night = 0; night < count; night++) await writeNight(folder, night, parts)
}

const calmFolders = new Map<number, Promise<string>>()

/** Calm nights are written once and copied: what is written is brought to the disk, which takes its time. */
function calmNights(count: number): Promise<string> {
  const made = calmFolders.get(count) ?? madeCalmNights(count)
  calmFolders.set(count, made)
  return made
}

/** For the end of the test file: its process is ended before it comes to an exit of its own. */
afterAll(async () => {
  for (const path of calmFolders.values()) rmSync(await path, { recursive: true, force: true })
})

async function madeCalmNights(count: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-test-'))
  for (let night = 0; night < count; night++) await writeNight(folder, night)
  return folder
}

export interface Terminal extends Io {
  readonly out: () => string
  readonly err: () => string
}

export function terminal(env: Io['env'] = {}): Terminal {
  let out = ''
  let err = ''
  const stream = { isTTY: false, columns: undefined, style: plainStyler }
  return {
    stdout: { ...stream, write: (part) => void (out += part) },
    stderr: { ...stream, write: (part) => void (err += part) },
    env,
    cwd: tmpdir(),
    onInterrupt: () => () => {},
    quit: () => {},
    out: () => out,
    err: () => err,
  }
}

export interface Judged {
  readonly exitCode: ExitCode
  readonly state: string
  readonly noise: readonly string[]
  readonly notes: readonly string[]
  readonly comparisons: readonly {
    readonly name: string
    readonly metric: string
    readonly verdict: string
    readonly baseCount: number
    readonly past: readonly { readonly runId: string }[]
    readonly learning?: { readonly nightCount: number; readonly neededCount: number }
    readonly isConfirmed?: boolean
  }[]
  readonly json: string
}

/** `headroom compare nights:20 HEAD --format json`. */
export async function judged(head: string, parts: Partial<NightsRequest> = {}): Promise<Judged> {
  const io = terminal()
  const exitCode = await runNights({ ...REQUEST, head, ...parts }, io)
  const json = io.out()
  return { ...(JSON.parse(json) as Omit<Judged, 'exitCode' | 'json'>), exitCode, json }
}

export const REQUEST: NightsRequest = {
  nightCount: 20,
  head: '',
  confirmation: undefined,
  controls: [],
  results: undefined,
  allowed: [],
  format: 'json',
  out: undefined,
  github: false,
}

/** What gate.csv has, without versions, times and empty fields. */
export function journalOf(folder: string): Record<string, string>[] {
  const rows = readCsvRows(readFileSync(join(folder, 'gate.csv'), 'utf8'))
  const isShown = (column: string, value: string): boolean =>
    value !== '' && column !== 'recorded_at' && column !== 'schema_version'
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([column, value]) => isShown(column, value))),
  )
}

/** `name metric` of what has this verdict. */
export function found(night: Judged, verdict: string): string[] {
  return night.comparisons
    .filter((each) => each.verdict === verdict)
    .map(({ name, metric }) => `${name} ${metric}`)
}

/** Parts of a night that counts nowhere. */
export const INVALID: NightParts = {
  end: { exitCode: EXIT.invalidRun },
  summary: {
    verdict: {
      level: 'INVALID',
      reasons: [{ level: 'INVALID', code: 'dropped', what: 'arrivals were dropped', todo: 'raise maxVUs' }],
    },
  },
}

/** What the command says when it refuses. */
export async function refusal(promise: Promise<unknown>): Promise<UserError> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UserError)
  return error as UserError
}
