import { resolve } from 'node:path'
import { EXIT, type ExitCode } from '../../core/errors.ts'
import type { RunSummary } from '../../measure/summary.ts'
import { RunDirectory } from '../../run-files/run-directory.ts'
import type { RunFacts } from '../../run-files/run-facts.ts'
import type { Io } from '../io.ts'
import { writeRunReports } from '../report/write-reports.ts'
import { Collector } from '../run/collector.ts'
import { createProgress, type Progress } from '../run/progress.ts'
import type { Secrets } from '../run/secrets.ts'
import { factsOf, SCENARIO } from './facts.ts'
import { doubts } from './findings.ts'
import type { PreparedSaturation } from './prepare.ts'
import { reportSaturation } from './report.ts'
import type { ClosedCall } from './request.ts'
import { latestEndUs, Saturation, type SaturationEnd } from './saturation.ts'
import { StepFigures } from './step-figures.ts'
import { stepMetrics } from './step-metrics.ts'

const CLOSED_MODEL =
  'closed model: a slow target slowed the load down, so these latencies hold for no planned rate; use headroom run for those'

/** A saturation that has its request. */
export interface SaturationJob {
  readonly prepared: PreparedSaturation
  readonly call: ClosedCall
  readonly secrets: Secrets
  /** What the generator can do on this machine, where that was measured. */
  readonly ceilingRps: number | undefined
}

/** One saturation from its first request to its last file. */
export class SaturationSession {
  readonly #job: SaturationJob
  readonly #io: Io
  readonly #progress: Progress
  readonly #figures = new StepFigures()
  readonly #collector: Collector
  readonly #saturation: Saturation
  #directory: RunDirectory | undefined
  #interruptCount = 0

  constructor(job: SaturationJob, io: Io) {
    const { prepared, call } = job
    this.#job = job
    this.#io = io
    this.#progress = createProgress(io, { isQuiet: prepared.request.quiet, isVirtual: false })
    this.#collector = new Collector({
      scenario: SCENARIO,
      warmupUs: 0,
      loadEndUs: latestEndUs(prepared.request),
      capRps: undefined,
      thresholds: [],
      plannedCount: undefined,
      liveWindowS: this.#progress.rateSeconds,
      onSecond: (rows) => this.#directory?.appendSeconds(rows),
      onCells: (cells) => this.#directory?.appendLatency(cells),
    })
    this.#saturation = new Saturation(prepared, call, {
      begins: ({ name, startUs }) => this.#figures.begin(name, startUs),
      ended: ({ endUs }) => this.#figures.end(endUs),
      take: (snapshot) => {
        this.#figures.add(snapshot.recorder.closed)
        this.#collector.take(snapshot)
        this.#progress.update(() => this.#collector.live())
      },
    })
  }

  async run(): Promise<ExitCode> {
    const stopListening = this.#io.onInterrupt(() => this.#interrupt())
    try {
      return await this.#runSteps()
    } finally {
      stopListening()
      this.#progress.end()
    }
  }

  async #runSteps(): Promise<ExitCode> {
    const { prepared, call, secrets } = this.#job
    const { request } = prepared
    const facts = await factsOf(prepared, call, secrets, this.#io)
    this.#directory = await RunDirectory.create(resolve(this.#io.cwd, request.out), facts, {
      warmupUs: 0,
      loadEndUs: latestEndUs(request),
      keepsRequests: false,
    })
    const end = await this.#saturation.run()
    this.#progress.end()
    return this.#finish(end, facts, this.#directory)
  }

  /** @throws what kept the files from being written, after the summary was shown. */
  async #finish(end: SaturationEnd, facts: RunFacts, directory: RunDirectory): Promise<ExitCode> {
    const { prepared, call, ceilingRps } = this.#job
    const { request } = prepared
    const exitCode = end.wasInterrupted ? EXIT.interrupted : EXIT.pass
    const summary = this.#summaryOf(end)
    const unsaved = await this.#save(directory, summary, exitCode).catch((error: unknown) => error)
    reportSaturation({ request, call, facts, end, summary, ceilingRps, path: directory.path }, this.#io)
    if (unsaved !== undefined) throw unsaved
    return exitCode
  }

  async #save(directory: RunDirectory, summary: RunSummary, exitCode: ExitCode): Promise<void> {
    const { stderr } = this.#io
    const end = { wallFinishedAtMs: Date.now(), exitCode, mockCounters: undefined }
    const keptPath = await directory.finish(summary, end)
    if (keptPath !== undefined) stderr.write(`runs.csv had other columns: it is kept as ${keptPath}\n`)
    for (const warning of await writeRunReports(directory.path)) {
      stderr.write(`warning: ${this.#job.secrets.hide(warning)}\n`)
    }
  }

  #summaryOf({ steps, loadEndUs, wasInterrupted }: SaturationEnd): RunSummary {
    const stopReason = wasInterrupted ? 'interrupt' : undefined
    const warnings = [CLOSED_MODEL, ...doubts(steps)]
    const summary = this.#figures.within(this.#collector.finish({ stopReason, loadEndUs }, warnings))
    return { ...summary, metrics: stepMetrics(steps, this.#job.ceilingRps) }
  }

  #interrupt(): void {
    if (++this.#interruptCount === 1) return this.#saturation.stop()
    this.#progress.end()
    this.#io.quit(EXIT.interrupted)
  }
}
