import { createHash, randomUUID } from 'node:crypto'
import { relative, resolve } from 'node:path'
import { EXIT, type ExitCode } from '../../core/errors.ts'
import type { RunSummary } from '../../measure/summary.ts'
import { renderSummary } from '../../report/text.ts'
import { RunDirectory } from '../../run-files/run-directory.ts'
import type { RunFacts } from '../../run-files/run-facts.ts'
import type { Io } from '../io.ts'
import { Collector } from '../run/collector.ts'
import { machineFacts } from '../run/facts.ts'
import { checkReachable } from '../run/preflight.ts'
import { createProgress, widthOf } from '../run/progress.ts'
import { readRevision } from '../run/source-control.ts'
import { ClosedLoad, type ClosedLoadEnd } from './closed-load.ts'
import type { SaturateRequest } from './request.ts'

/** Stands where a run has its script's name, so that no figure of a closed model is taken for one of an open one. */
const SCENARIO = 'saturate-closed-model'

/** `headroom saturate`: drives one request as fast as the connections allow and leaves the same files as a run. */
export async function runSaturate(request: SaturateRequest, io: Io): Promise<ExitCode> {
  await checkReachable(request.url)
  const facts = await factsOf(request, io)
  const directory = await RunDirectory.create(resolve(io.cwd, request.out), facts)
  const collector = new Collector({
    scenario: SCENARIO,
    warmupUs: 0,
    loadEndUs: request.durationUs,
    capRps: undefined,
    thresholds: [],
    plannedCount: undefined,
    liveWindowS: io.stderr.isTTY ? 1 : 10,
    onSecond: (rows) => directory.appendSeconds(rows),
  })
  const end = await drive(request, collector, io)
  const stopReason = end.wasInterrupted ? 'interrupt' : undefined
  const summary = collector.finish({ stopReason, loadEndUs: end.loadEndUs }, CLOSED_WARNINGS)
  const exitCode = end.wasInterrupted ? EXIT.interrupted : EXIT.pass
  await directory.finish(summary, { wallFinishedAtMs: Date.now(), exitCode, mockCounters: undefined })
  report(summary, end, { request, exitCode, path: directory.path }, io)
  return exitCode
}

const CLOSED_WARNINGS = [
  'closed model: a slow target slowed the load down, so these latencies hold for no planned rate; use headroom run for those',
]

async function drive(request: SaturateRequest, collector: Collector, io: Io): Promise<ClosedLoadEnd> {
  const progress = createProgress(io, request.quiet)
  const load = new ClosedLoad(request, `${request.method} ${request.url.pathname}`, (snapshot) => {
    collector.take(snapshot)
    progress.update(() => collector.live())
  })
  let interrupts = 0
  const stopListening = io.onInterrupt(() => {
    if (++interrupts === 1) return load.stop()
    progress.end()
    io.quit(EXIT.interrupted)
  })
  try {
    return await load.run()
  } finally {
    stopListening()
    progress.end()
  }
}

/** Header values and the body may hold keys: the files get the headers' names and the body's digest. */
async function factsOf(request: SaturateRequest, io: Io): Promise<RunFacts> {
  const { url, method, connections, durationUs, timeoutUs, headers, body } = request
  const options = {
    model: 'closed',
    engine: 'autocannon',
    method,
    connections,
    durationUs,
    timeoutUs,
    headerNames: headers.map(([name]) => name),
    bodySha256: body === undefined ? null : sha256(body),
  }
  const now = Date.now()
  return {
    runId: sha256(randomUUID()).slice(0, 16),
    scenario: SCENARIO,
    time: 'real',
    epochMs: now,
    wallStartedAtMs: now,
    ...machineFacts(),
    scriptPath: '',
    scriptSha256: '',
    options,
    optionsSha256: sha256(JSON.stringify(options)),
    seed: 0,
    targetKind: 'remote',
    target: `${url.origin}${url.pathname}`,
    envNames: [],
    envValues: [],
    mockConfig: undefined,
    ...(await readRevision(io.cwd, io.env)),
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

interface ReportFacts {
  readonly request: SaturateRequest
  readonly exitCode: ExitCode
  readonly path: string
}

function report(
  summary: RunSummary,
  end: ClosedLoadEnd,
  { request, exitCode, path }: ReportFacts,
  io: Io,
): void {
  const shownPath = `${relative(io.cwd, path) || '.'}/`
  if (!request.quiet) {
    const { stderr } = io
    const target = `${request.url.origin}${request.url.pathname}`
    const facts = { scenario: SCENARIO, target, time: 'real', exitCode, resultsPath: shownPath } as const
    const statuses = Object.entries(end.statusCounts).map(([status, count]) => `${status} × ${count}`)
    stderr.write(`\n${renderSummary(summary, facts, { color: stderr.style, width: widthOf(stderr) })}`)
    stderr.write(`Statuses    ${statuses.join(', ') || 'none'}   (${request.connections} connections)\n`)
  }
  if (request.quiet || !io.stdout.isTTY) io.stdout.write(`${shownPath}\n`)
}
