import { relative, resolve } from 'node:path'
import { EXIT, winningExitCode, type ExitCode } from '../../core/errors.ts'
import type { LogLevel } from '../../engine/ports.ts'
import type { EngineSnapshot } from '../../engine/protocol.ts'
import type { RunSummary } from '../../measure/summary.ts'
import { selectorsOf } from '../../measure/thresholds.ts'
import { renderSummary } from '../../report/text.ts'
import type { RunFacts } from '../../run-files/run-facts.ts'
import { RunDirectory } from '../../run-files/run-directory.ts'
import type { Io } from '../io.ts'
import { TOOL_VERSION } from '../version.ts'
import { Collector } from './collector.ts'
import { runFacts } from './facts.ts'
import { LogLimiter } from './log-limiter.ts'
import type { MockChild } from './mock-child.ts'
import { plannedArrivalCount } from './planned-arrivals.ts'
import type { PreparedRun } from './prepare.ts'
import { createProgress, widthOf, type Progress } from './progress.ts'
import { readRevision } from './source-control.ts'
import { capRpsOf, targetVariable } from './target.ts'
import { EngineWorker, exitCodeOfStop, type WorkerEnd } from './worker-thread.ts'
import type { WorkerJob } from './worker-messages.ts'

/** Host of the mock in virtual time; `.invalid` is no name on any network (RFC 2606). */
const VIRTUAL_AUTHORITY = 'mock.invalid'

/** One run from its first request to its last file. */
export class RunSession {
  readonly #run: PreparedRun
  readonly #mock: MockChild | undefined
  readonly #io: Io
  readonly #progress: Progress
  readonly #collector: Collector
  readonly #log: LogLimiter
  #directory: RunDirectory | undefined
  #facts: RunFacts | undefined
  #worker: EngineWorker | undefined

  constructor(run: PreparedRun, mock: MockChild | undefined, io: Io) {
    this.#run = run
    this.#mock = mock
    this.#io = io
    const { plan, thresholds, target, scenario } = run
    this.#progress = createProgress(io, run.request.quiet)
    this.#log = new LogLimiter((text) => this.#progress.log(text))
    this.#collector = new Collector({
      scenario,
      warmupUs: plan.headroom.warmupUs,
      loadEndUs: plan.loadEndUs,
      capRps: capRpsOf(target, plan.headroom.cap.rps),
      thresholds,
      plannedCount: plannedArrivalCount(plan),
      liveWindowS: io.stderr.isTTY ? 1 : 10,
      onSecond: (rows) => this.#directory?.appendSeconds(rows),
    })
  }

  async run(): Promise<ExitCode> {
    const stopListening = this.#io.onInterrupt(() => this.#interrupt())
    try {
      const end = await this.#runWorker()
      return await this.#finish(end)
    } finally {
      stopListening()
      this.#progress.end()
    }
  }

  #runWorker(): Promise<WorkerEnd> {
    this.#worker = new EngineWorker(this.#job(), {
      starting: () => this.#starting(),
      snapshot: (snapshot) => this.#take(snapshot),
      log: (level, text) => this.#logLine(level, text),
    })
    return this.#worker.finished()
  }

  #job(): WorkerJob {
    const { bundle, plan, exports, seed, request, thresholds, target } = this.#run
    const url = this.#mock?.url ?? `http://${VIRTUAL_AUTHORITY}`
    const isVirtual = request.virtual && target.kind === 'mock'
    return {
      bundle,
      plan,
      exports,
      selectors: selectorsOf(thresholds),
      env: { ...request.env, TARGET: targetVariable(target, url) },
      seed,
      maxRequests: request.maxRequests,
      defaultUserAgent: `headroom/${TOOL_VERSION}`,
      world: isVirtual
        ? { kind: 'virtual', mock: target.config, authority: VIRTUAL_AUTHORITY }
        : { kind: 'sockets' },
    }
  }

  /** Set-up is over and traffic begins: nothing was written until here. */
  async #starting(): Promise<void> {
    const { request } = this.#run
    const revision = await readRevision(this.#io.cwd, this.#io.env)
    this.#facts = runFacts(this.#run, revision, Date.now())
    this.#directory = await RunDirectory.create(resolve(this.#io.cwd, request.out), this.#facts)
  }

  #take(snapshot: EngineSnapshot): void {
    if (this.#collector.take(snapshot)) this.#stop('threshold')
    this.#progress.update(() => this.#collector.live())
  }

  #stop(reason: 'threshold' | 'interrupt'): void {
    this.#collector.endLoad()
    this.#worker?.stop(reason)
  }

  #interrupts = 0

  #interrupt(): void {
    this.#interrupts++
    if (this.#interrupts > 1) {
      this.#progress.end()
      return this.#io.quit(EXIT.interrupted)
    }
    this.#progress.log(
      'stopping: requests under way are waited for, then everything is saved (Ctrl-C again quits)',
    )
    this.#stop('interrupt')
  }

  #logLine(level: LogLevel, text: string): void {
    if (level !== 'info' || !this.#run.request.quiet)
      this.#log.add(level === 'info' ? text : `${level}: ${text}`)
  }

  async #finish({ result, mockState }: WorkerEnd): Promise<ExitCode> {
    this.#progress.end()
    if (result.fatal !== undefined) this.#io.stderr.write(`${result.fatal}\n`)
    const mockCounters = mockState ?? (await this.#mock?.stop())
    const warnings = [...this.#log.summary(), ...unmeasured(result.unmeasuredRequestCount)]
    const summary = this.#collector.finish(result, warnings)
    const exitCode = exitCodeOf(summary, exitCodeOfStop(result.stopReason))
    const end = { wallFinishedAtMs: Date.now(), exitCode, mockCounters }
    const keptPath = await this.#directory?.finish(summary, end)
    if (keptPath !== undefined)
      this.#io.stderr.write(`runs.csv had other columns: it is kept as ${keptPath}\n`)
    this.#report(summary, exitCode)
    return exitCode
  }

  #report(summary: RunSummary, exitCode: ExitCode): void {
    const { stderr, stdout, cwd } = this.#io
    const path = this.#directory?.path
    const shownPath = path === undefined ? undefined : `${relative(cwd, path) || '.'}/`
    if (!this.#run.request.quiet) {
      const { scenario, target, request } = this.#run
      const time = request.virtual ? 'virtual' : 'real'
      const facts = { scenario, target: target.shown, time, exitCode, resultsPath: shownPath } as const
      stderr.write(`\n${renderSummary(summary, facts, { color: stderr.style, width: widthOf(stderr) })}`)
    }
    // On a terminal the summary has said it already.
    if (shownPath !== undefined && (this.#run.request.quiet || !stdout.isTTY)) stdout.write(`${shownPath}\n`)
  }
}

function unmeasured(count: number): string[] {
  return count === 0 ? [] : [`requests of setup() and teardown() are in no figure: ${count} were sent`]
}

function exitCodeOf(summary: RunSummary, stopCode: ExitCode): ExitCode {
  const codes: ExitCode[] = [stopCode]
  if (summary.verdict.level === 'INVALID') codes.push(EXIT.invalidRun)
  if (summary.thresholds.some(({ result }) => result === 'fail')) codes.push(EXIT.thresholds)
  return winningExitCode(codes)
}
