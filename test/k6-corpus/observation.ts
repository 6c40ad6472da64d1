/** What a tool did with a script: what it sent and what it said of it. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type RecordedRequest,
  type RecordingServer,
  startRecordingServer,
} from '../support/recording-server.ts'
import { type CorpusCase, FIXTURES } from './case.ts'
import { EMPTY_SUMMARY, type K6Summary, parseK6Summary } from './k6-summary.ts'
import { createShop } from './shop.ts'

export interface Observation {
  /** `null`: a signal ended it. */
  readonly exitCode: number | null
  readonly requests: readonly RecordedRequest[]
  /** Empty where the run left none. */
  readonly summary: K6Summary
  readonly output: string
  /** Of the files that the expectation names: their text. */
  readonly files: Readonly<Record<string, string | undefined>>
}

export interface ToolEnd {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** What a tool is to run, from the working directory that holds the script. */
export interface ToolJob {
  readonly script: string
  readonly target: string
  readonly summaryFile: string
  readonly env: Readonly<Record<string, string>>
  readonly flags: readonly string[]
}

export interface Tool {
  readonly name: string
  run(job: ToolJob, cwd: string): Promise<ToolEnd>
}

const SUMMARY_FILE = 'exported-summary.json'
/** Stands in scripts for the address of the server; imports cannot compute theirs. */
const SERVER_PLACEHOLDER = 'http://shop.invalid'
/** Modules that a script imports are no part of its traffic. */
const LIBRARY_PATH = '/library/'

/** Runs a script of the corpus against a shop of its own, in a folder of its own. */
export async function observe({ script, expectation }: CorpusCase, tool: Tool): Promise<Observation> {
  const server = await startRecordingServer(createShop(), ({ path }) => !path.startsWith(LIBRARY_PATH))
  const folder = mkdtempSync(join(tmpdir(), 'headroom-corpus-'))
  try {
    layOut(folder, script, server)
    const { env, flags } = expectation
    const job = { script, target: server.url, summaryFile: SUMMARY_FILE, env, flags }
    const { exitCode, stdout, stderr } = await tool.run(job, folder)
    const files = Object.keys(expectation.files).map((name) => [name, readOptional(join(folder, name))])
    return {
      exitCode,
      requests: server.requests,
      summary: summaryIn(folder),
      output: `${stdout}${stderr}`,
      files: Object.fromEntries(files) as Observation['files'],
    }
  } finally {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function layOut(folder: string, script: string, server: RecordingServer): void {
  for (const entry of readdirSync(FIXTURES, { withFileTypes: true })) {
    const { name } = entry
    const isUsed = entry.isDirectory() || name === script
    if (isUsed) cpSync(join(FIXTURES, name), join(folder, name), { recursive: true })
  }
  const file = join(folder, script)
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(SERVER_PLACEHOLDER, server.url))
}

function summaryIn(folder: string): K6Summary {
  const text = readOptional(join(folder, SUMMARY_FILE))
  return text === undefined ? EMPTY_SUMMARY : parseK6Summary(text)
}

function readOptional(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/** The command line of `headroom`. */
export function headroomArguments({ script, target, summaryFile, env, flags }: ToolJob): string[] {
  const given = ['--target', target, '--out', 'out', '--summary-export', summaryFile]
  return ['run', script, ...given, ...envFlags(env), ...flags]
}

/** The command line of `k6` that does the same. */
export function k6Arguments({ script, target, summaryFile, env, flags }: ToolJob): string[] {
  const given = ['--summary-export', summaryFile, ...envFlags({ TARGET: target, ...env })]
  return ['run', ...given, ...flags, script]
}

function envFlags(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`])
}
