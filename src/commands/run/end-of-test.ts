/** What k6 does when a test is over: its summary, the script's `handleSummary`, and the file of `--summary-export`. */
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseTrendStat } from '../../core/trend-stat.ts'
import {
  k6Summary,
  type K6Data,
  type K6Facts,
  type K6Settings,
  type K6Summary,
} from '../../report/k6-data.ts'
import { k6ExportJson } from '../../report/k6-export.ts'
import { renderK6Summary } from '../../report/k6-text.ts'
import type { SummaryPlan } from '../../script/plan.ts'
import type { Io } from '../io.ts'
import type { PreparedRun } from './prepare.ts'
import type { Secrets } from './secrets.ts'
import type { SummaryOutput, SummaryReply } from './summary-reply.ts'

/** What is to be shown. */
export interface EndOfTest {
  /** k6's summary; `undefined` when it is not wanted, or the script made its own. */
  readonly summaryText: string | undefined
  /** What the script wants on these streams. */
  readonly stdout: string
  readonly stderr: string
}

const NOTHING: EndOfTest = { summaryText: undefined, stdout: '', stderr: '' }

interface EndOfTestTools {
  readonly io: Io
  readonly secrets: Secrets
  /** Calls the script's function, in its own thread. */
  readonly handleSummary: (data: K6Data) => Promise<SummaryReply>
}

/** Whether the run needs figures that only k6's summary shows. */
export function needsK6Figures({ request, exports }: Pick<PreparedRun, 'request' | 'exports'>): boolean {
  const { mode, exportPath } = request.summary
  if (mode === 'disabled') return false
  return mode !== 'headroom' || exportPath !== undefined || exports.includes('handleSummary')
}

/** Calls the script's `handleSummary`, if it has one, and writes files. What goes wrong is told and changes no exit code, as in k6. */
export async function endTest(run: PreparedRun, facts: K6Facts, tools: EndOfTestTools): Promise<EndOfTest> {
  if (!needsK6Figures(run)) return NOTHING
  const { io, secrets } = tools
  const { mode, exportPath } = run.request.summary
  const summary = k6Summary(facts, settingsOf(run.plan.summary, io))
  const reply = run.exports.includes('handleSummary') ? await ask(tools, summary.data) : NOT_ASKED
  const outputs = [...(reply.outputs ?? []), ...exportOf(summary, exportPath)]
  const faults = [...reply.faults, ...(await writeFiles(outputs, tools))]
  for (const fault of faults) io.stderr.write(`error: ${secrets.hide(fault)}\n`)
  const isOwn = mode === 'headroom' || mode === 'disabled' || reply.outputs !== undefined
  return {
    summaryText: isOwn ? undefined : secrets.hide(renderK6Summary(summary, mode, io.stderr.style)),
    stdout: textFor('stdout', outputs, secrets),
    stderr: textFor('stderr', outputs, secrets),
  }
}

const NOT_ASKED: SummaryReply = { outputs: undefined, faults: [] }

function exportOf({ data }: K6Summary, path: string | undefined): SummaryOutput[] {
  return path === undefined ? [] : [{ to: path, content: k6ExportJson(data) }]
}

function settingsOf({ trendStats, timeUnit }: SummaryPlan, { stdout, stderr, env }: Io): K6Settings {
  return {
    trendStats: trendStats.map(parseTrendStat).filter((stat) => stat !== undefined),
    timeUnit,
    terminal: {
      isStdOutTTY: stdout.columns !== undefined,
      isStdErrTTY: stderr.columns !== undefined,
      noColor: (env['NO_COLOR'] ?? '') !== '',
    },
    md5: (text) => createHash('md5').update(text).digest('hex'),
  }
}

async function ask({ handleSummary }: EndOfTestTools, data: K6Data): Promise<SummaryReply> {
  try {
    return await handleSummary(data)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { outputs: undefined, faults: [`handleSummary() was not carried out: ${reason}`] }
  }
}

const STREAMS = ['stdout', 'stderr']

/** Gives what went wrong. As in k6 existing files are overwritten, and folders must be there. */
async function writeFiles(
  outputs: readonly SummaryOutput[],
  { io, secrets }: EndOfTestTools,
): Promise<string[]> {
  const faults: string[] = []
  for (const { to, content } of outputs) {
    if (STREAMS.includes(to)) continue
    try {
      await writeFile(resolve(io.cwd, to), hidden(content, secrets))
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      faults.push(`the summary was not written to ${to}: ${reason}`)
    }
  }
  return faults
}

/** Without the values given with `-e`. Bytes that are no text stay as they are. */
function hidden(content: SummaryOutput['content'], secrets: Secrets): SummaryOutput['content'] {
  if (typeof content === 'string') return secrets.hide(content)
  const text = textOf(content)
  return text === undefined ? content : Buffer.from(secrets.hide(text))
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function textFor(stream: string, outputs: readonly SummaryOutput[], secrets: Secrets): string {
  return outputs
    .filter(({ to }) => to === stream)
    .map(({ content }) =>
      secrets.hide(typeof content === 'string' ? content : Buffer.from(content).toString()),
    )
    .join('')
}
