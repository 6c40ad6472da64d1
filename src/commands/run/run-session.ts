import { relative, resolve } from 'node:path'
import type { Cap } from '../../../mock-server/cap.ts'
import { EXIT, UserError, winningExitCode, type ExitCode } from '../../core/errors.ts'
import { doAll, type Steps } from '../../core/steps.ts'
import { US_PER_MS } from '../../core/units.ts'
import type { LogLevel } from '../../engine/ports.ts'
import type { EngineResult, EngineSnapshot, StopReason } from '../../engine/protocol.ts'
import type { RequestBatch } from '../../measure/request-log.ts'
import type { SecondCell } from '../../measure/snapshot.ts'
import type { RunSummary, SecondRow } from '../../measure/summary.ts'
import { renderVerdict } from '../../report/k6-verdict.ts'
import type { LiveState } from '../../report/live.ts'
import { renderSummary } from '../../report/text.ts'
import type { RunEnd } from '../../run-files/run-facts.ts'
import { RunDirectory } from '../../run-files/run-directory.ts'
import type { Io } from '../io.ts'
import { writeRunReports } from '../report/write-reports.ts'
import { Collector } from './collector.ts'
import { endTest, type EndOfTest } from './end-of-test.ts'
import { runFacts } from './facts.ts'
import { LogLimiter } from './log-limiter.ts'
import type { MockChild } from './mock-child.ts'
import { openLivePush, type LivePush } from './otlp.ts'
import { plannedIterationCount } from './planned-iterations.ts'
import type { PreparedRun } from './prepare.ts'
import { createProgress, widthOf, type Progress } from './progress.ts'
import type { Secrets } from './secrets.ts'
import { readRevision } from './source-control.ts'
import { capRpsOf } from './target.ts'
import { workerJob } from './worker-job.ts'
import { EngineWorker, exitCodeOfStop, type WorkerEnd } from './worker-thread.ts'

/** One run from its first request to its last file. */
export class RunSession {
  readonly #run: PreparedRun
  readonly #mock: MockChild | undefined
  readonly #secrets: Secrets
  readonly #io: Io
  readonly #progress: Progress
  readonly #collector: Collector
  readonly #log: LogLimiter
  /** Requests in flight that the target takes at once, where that is known. */
  #inflightCapCount: number | undefined
  /** Given out by the collector, but in no file yet. */
  readonly #unwrittenRows: SecondRow[] = []
  readonly #unwrittenCells: SecondCell[] = []
  #directory: RunDirectory | undefined
  #livePush: LivePush | undefined
  #worker: EngineWorker | undefined
  /** When the engine last told its time. */
  #heardAtMs: number | undefined
  #stopReason: 'threshold' | 'interrupt' | undefined
  #interruptCount = 0
  #hasLostMock = false

  constructor(run: PreparedRun, mock: MockChild | undefined, secrets: Secrets, io: Io) {
    this.#run = run
    this.#mock = mock
    this.#secrets = secrets
    this.#io = io
    const { plan, thresholds, target, scenario } = run
    this.#inflightCapCount = plan.headroom.cap.concurrency
    this.#progress = createProgress(io, { isQuiet: run.request.quiet, isVirtual: run.request.virtual })
    this.#log = new LogLimiter((text) => this.#progress.log(secrets.hide(text)))
    this.#collector = new Collector({
      scenario,
      warmupUs: plan.headroom.warmupUs,
      loadEndUs: plan.loadEndUs,
      capRps: capRpsOf(target, plan.headroom.cap.rps),
      thresholds,
      plannedCount: plannedIterationCount(plan, run.seed),
      wantsConnections: plan.connection.noConnectionReuse || plan.connection.noVUConnectionReuse,
      liveWindowS: this.#progress.rateSeconds,
      onSecond: (rows) => this.#unwrittenRows.push(...rows),
      onCells: (cells) => this.#unwrittenCells.push(...cells),
    })
  }

  async run(): Promise<ExitCode> {
    const stopListening = this.#io.onInterrupt(() => this.#interrupt())
    this.#mock?.watchDeath((how) => this.#loseMock(how))
    try {
      const end = await this.#runWorker()
      return await this.#finish(end)
    } finally {
      stopListening()
      this.#progress.end()
      await this.#worker?.close()
    }
  }

  #runWorker(): Promise<WorkerEnd> {
    this.#progress.update(() => ({ ...this.#live(), phase: 'setup', totalUs: undefined }))
    this.#worker = new EngineWorker(workerJob(this.#run, this.#mock?.url), {
      starting: () => this.#starting(),
      snapshot: (snapshot, requests) => this.#take(snapshot, requests),
      log: (level, text, isConsole) => this.#logLine(level, text, isConsole),
      cap: (cap, fromUs) => this.#setCap(cap, fromUs),
    })
    return this.#worker.finished()
  }

  /** Set-up is over and traffic begins: nothing was written until here. */
  async #starting(): Promise<void> {
    const { request, plan } = this.#run
    const revision = await readRevision(this.#io.cwd, this.#io.env)
    const facts = runFacts(this.#run, revision, Date.now())
    this.#directory = await RunDirectory.create(resolve(this.#io.cwd, request.out), facts, {
      warmupUs: plan.headroom.warmupUs,
      loadEndUs: plan.loadEndUs,
      keepsRequests: request.raw,
    })
    this.#livePush = await openLivePush(this.#run, facts, (text) =>
      this.#progress.log(`warning: ${this.#secrets.hide(text)}`),
    )
    this.#heardAtMs = performance.now()
    this.#mock?.watchCap((cap) => this.#setCap(cap, this.#engineNowUs()))
  }

  #setCap(cap: Cap, fromUs: number): void {
    this.#inflightCapCount = cap.concurrency
    this.#collector.setCap(cap, fromUs)
  }

  #live(): LiveState {
    return { ...this.#collector.live(), inflightCapCount: this.#inflightCapCount }
  }

  *#take(snapshot: EngineSnapshot, requests: RequestBatch | undefined): Steps {
    this.#heardAtMs = performance.now()
    if (yield* this.#collector.takeInSteps(snapshot)) this.#stop('threshold', snapshot.nowUs)
    yield
    yield* this.#writeRows()
    yield
    yield* this.#writeCells()
    yield
    if (requests !== undefined) this.#directory?.appendRequests(requests)
    this.#progress.update(() => this.#live())
    this.#livePush?.push(() => this.#collector.live())
  }

  *#writeRows(): Steps {
    const rows = this.#unwrittenRows.splice(0)
    if (this.#directory !== undefined) yield* this.#directory.appendSecondsInSteps(rows)
  }

  *#writeCells(): Steps {
    const cells = this.#unwrittenCells.splice(0)
    this.#livePush?.add(cells)
    if (this.#directory !== undefined) yield* this.#directory.appendLatencyInSteps(cells)
  }

  #stop(reason: 'threshold' | 'interrupt', atUs: number): void {
    this.#stopReason ??= reason
    this.#collector.endLoad(atUs)
    this.#worker?.stop(reason)
  }

  /** The engine's time: it goes on between two snapshots, unless it is virtual. */
  #engineNowUs(): number {
    const { nowUs } = this.#collector
    if (this.#run.request.virtual || this.#heardAtMs === undefined) return nowUs
    return nowUs + Math.round((performance.now() - this.#heardAtMs) * US_PER_MS)
  }

  #interrupt(): void {
    this.#interruptCount++
    if (this.#interruptCount > 1) {
      this.#progress.end()
      return this.#io.quit(EXIT.interrupted)
    }
    this.#progress.log('stopping: waiting for replies, then saving everything (Ctrl-C again quits)')
    this.#stop('interrupt', this.#engineNowUs())
  }

  #loseMock(how: string): void {
    this.#hasLostMock = true
    this.#log.add(`error: the mock server’s process has ended (${how}): every further request fails`)
  }

  #logLine(level: LogLevel, text: string, isConsole: boolean): void {
    if (level === 'info' && this.#run.request.quiet) return
    const line = level === 'info' ? text : `${level}: ${text}`
    if (isConsole) this.#log.addConsole(line, performance.now())
    else this.#log.add(line)
  }

  /** @throws what kept the run from its end, after what there is of it was saved. */
  async #finish(workerEnd: WorkerEnd): Promise<ExitCode> {
    const { result, mockState, failure } = workerEnd
    this.#progress.end()
    if (failure !== undefined && this.#directory === undefined) throw failure
    if (result.fatal !== undefined) this.#io.stderr.write(`${this.#secrets.hide(result.fatal)}\n`)
    const mockCounters = mockState ?? (await this.#mock?.stop())
    const summary = this.#summarize(workerEnd)
    const exitCode = winningExitCode([
      exitCodeOf(summary, result, [result.stopReason, this.#stopReason], failure),
      this.#hasLostMock ? EXIT.unreachable : EXIT.pass,
    ])
    const lastPush = this.#livePush?.finish({ ...this.#collector.live(), verdict: summary.verdict.level })
    const saving = this.#save(summary, { wallFinishedAtMs: Date.now(), exitCode, mockCounters })
    const unsaved = await saving.catch((error: unknown) => error)
    this.#report(summary, exitCode, await this.#endTest())
    await lastPush
    if (failure instanceof UserError) throw new UserError(exitCode, failure.faults, { cause: failure })
    if (failure !== undefined) throw failure
    // Whoever has no files needs the summary all the more.
    if (unsaved !== undefined) throw unsaved
    return exitCode
  }

  #summarize({ result, failure }: WorkerEnd): RunSummary {
    const stopReason = result.stopReason ?? this.#stopReason
    const warnings = [
      ...(failure === undefined ? [] : [BROKEN_OFF]),
      ...(this.#hasLostMock ? [LOST_MOCK] : []),
      ...this.#log.summary(),
      ...unmeasured(result.unmeasuredRequestCount),
    ]
    const summary = this.#collector.finish({ ...result, stopReason }, warnings)
    doAll(this.#writeRows())
    doAll(this.#writeCells())
    return this.#secrets.hideInSummary(summary)
  }

  async #save(summary: RunSummary, end: RunEnd): Promise<void> {
    if (this.#directory === undefined) return
    const keptPath = await this.#directory.finish(summary, end)
    if (keptPath !== undefined) {
      this.#io.stderr.write(`runs.csv had other columns: it is kept as ${keptPath}\n`)
    }
    const warnings = [
      ...notInLatencyLog(this.#directory.namesNotInLatencyLog),
      ...(await writeRunReports(this.#directory.path)),
    ]
    for (const warning of warnings) this.#io.stderr.write(`warning: ${this.#secrets.hide(warning)}\n`)
  }

  #endTest(): Promise<EndOfTest> {
    const io = this.#io
    return endTest(this.#run, this.#collector.k6Facts(), {
      io,
      secrets: this.#secrets,
      handleSummary: async (data) => {
        if (this.#worker === undefined) throw new Error('there is no engine')
        return this.#worker.handleSummary(data)
      },
    })
  }

  #report(summary: RunSummary, exitCode: ExitCode, end: EndOfTest): void {
    const { stderr, stdout, cwd } = this.#io
    const path = this.#directory?.path
    const shownPath = path === undefined ? undefined : `${relative(cwd, path) || '.'}/`
    const { scenario, target, request } = this.#run
    const { mode } = request.summary
    const isSilent = request.quiet || mode === 'disabled'
    if (!isSilent) {
      const time = request.virtual ? 'virtual' : 'real'
      const facts = { scenario, target: target.shown, time, exitCode, resultsPath: shownPath } as const
      const render = mode === 'headroom' ? renderSummary : renderVerdict
      const text = render(summary, facts, { color: stderr.style, width: widthOf(stderr) })
      stderr.write(`\n${end.summaryText ?? ''}${text}`)
    }
    stderr.write(wholeLines(end.stderr))
    stdout.write(wholeLines(end.stdout))
    // On a terminal the summary has said it already.
    if (shownPath !== undefined && (isSilent || !stdout.isTTY)) stdout.write(`${shownPath}\n`)
  }
}

/** The path of the run's directory is the last line of stdout, and has it for itself. */
function wholeLines(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}

const LOST_MOCK = 'the mock server’s process ended during the run: the figures after that are of no use'

const BROKEN_OFF = 'the run did not come to its end: the figures cover what was recorded until then'

function notInLatencyLog(names: readonly string[]): string[] {
  const [first] = names
  if (first === undefined) return []
  const others = names.length === 1 ? '' : ` and ${names.length - 1} other names`
  const rule = 'a tag has only letters, digits and _ . / : { } | ? = -; set tags.name'
  return [`latency.hlog has no lines of their own for ${JSON.stringify(first)}${others}: ${rule}`]
}

function unmeasured(count: number): string[] {
  if (count === 0) return []
  return [`requests of setup() and teardown() count in k6’s metrics, not as load: ${count} were sent`]
}

function exitCodeOf(
  summary: RunSummary,
  { isMarkedFailed = false }: EngineResult,
  stopReasons: readonly (StopReason | undefined)[],
  failure: unknown,
): ExitCode {
  const codes = stopReasons.map(exitCodeOfStop)
  if (failure !== undefined) codes.push(failure instanceof UserError ? failure.exitCode : EXIT.internal)
  if (summary.verdict.level === 'INVALID') codes.push(EXIT.invalidRun)
  if (summary.thresholds.some(({ result }) => result === 'fail')) codes.push(EXIT.thresholds)
  if (isMarkedFailed) codes.push(EXIT.markedFailed)
  return winningExitCode(codes)
}
