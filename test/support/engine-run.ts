import { formatFault } from '../../src/core/errors.ts'
import { doAll, type Steps } from '../../src/core/steps.ts'
import type { Clock } from '../../src/engine/clock.ts'
import { Engine } from '../../src/engine/engine.ts'
import type { EnginePorts } from '../../src/engine/ports.ts'
import type { EngineResult, EngineSnapshot } from '../../src/engine/protocol.ts'
import { VirtualClock } from '../../src/engine/virtual-clock.ts'
import { CheckTally } from '../../src/measure/checks.ts'
import { MetricStore } from '../../src/measure/metric-store.ts'
import { MetricRegistry } from '../../src/measure/metrics.ts'
import type { Aggregation, MetricSelector } from '../../src/measure/metric-types.ts'
import { DEFAULT_OUTCOME_RULES } from '../../src/measure/outcome.ts'
import { Recorder } from '../../src/measure/recorder.ts'
import { RunTotals, type RunFigures } from '../../src/measure/run-totals.ts'
import type { CheckResult, NameSummary, SecondRow } from '../../src/measure/summary.ts'
import { validateOptions } from '../../src/script/options.ts'
import type { RunPlan } from '../../src/script/plan.ts'
import { ScriptError } from '../../src/script/script-error.ts'
import { FakeTransport, type Answer, type SeenRequest } from './fake-transport.ts'
import { PlainScriptPort, type PlainScript } from './plain-script.ts'

export interface EngineRunOptions {
  /** k6's options. */
  readonly options: Readonly<Record<string, unknown>>
  readonly script: PlainScript
  /** What the script exports. */
  readonly exports?: readonly string[]
  /** Default: every request is answered with 200 after 10 ms. */
  readonly answer?: Answer
  readonly maxRequests?: number
  /** Default: virtual. */
  readonly clock?: Clock
  /** Thresholds' selectors: what to observe besides counters and rates. */
  readonly selectors?: readonly MetricSelector[]
  /** Called before the run begins. */
  readonly before?: (engine: Engine, clock: Clock) => void
  /** Called, and waited for, between set-up and load. */
  readonly onStart?: (engine: Engine) => void | Promise<void>
  /** All but the first step of a snapshot is taken when the next one is posted, or the run is over. */
  readonly takesLate?: true
  /** Called, and waited for, with every snapshot, unless they are taken late. */
  readonly onPost?: (snapshot: EngineSnapshot, clock: Clock) => void | Promise<void>
}

export interface EngineRun {
  readonly result: EngineResult
  readonly snapshots: readonly EngineSnapshot[]
  readonly last: EngineSnapshot
  readonly figures: RunFigures
  /** The row of all names. */
  readonly all: NameSummary
  readonly rows: readonly SecondRow[]
  readonly iterations: RunTotals['iterations']
  readonly checks: readonly CheckResult[]
  readonly metrics: MetricStore
  readonly transport: FakeTransport
  /** When requests were asked, and which. */
  readonly seen: readonly SeenRequest[]
  /** `level: text` */
  readonly log: readonly string[]
}

export function enginePlan(
  options: Readonly<Record<string, unknown>>,
  exports: readonly string[] = ['default'],
): RunPlan {
  const { plan, faults } = validateOptions(options, { exports })
  if (plan === undefined) throw new Error(faults.map(formatFault).join('\n'))
  return plan
}

/** What the script's `Date` says at time 0. */
export const EPOCH_MS = 1_700_000_000_000

class Rig {
  #begun: Steps<EngineSnapshot> | undefined
  readonly clock: Clock
  readonly log: string[] = []
  readonly snapshots: EngineSnapshot[] = []
  readonly transport: FakeTransport
  readonly engine: Engine
  readonly plan: RunPlan

  constructor(run: EngineRunOptions) {
    const { options, script, exports = ['default'], answer = () => ({}), selectors = [] } = run
    const { log } = this
    const { clock = new VirtualClock() } = run
    this.clock = clock
    this.plan = enginePlan(options, exports)
    this.transport = new FakeTransport(clock, answer)
    const ports: EnginePorts = {
      clock,
      wallTimeMs: () => EPOCH_MS + Math.floor(clock.nowUs() / 1_000),
      transport: this.transport,
      script: new PlainScriptPort(script, clock),
      recorder: new Recorder(),
      metrics: new MetricRegistry({ selectors, warmupUs: this.plan.headroom.warmupUs }),
      checks: new CheckTally(),
      log: (level, text) => void log.push(`${level}: ${text}`),
      describeError: (error) => (error instanceof Error ? error.message : String(error)),
      isFatal: (error) => error instanceof ScriptError,
    }
    const config = {
      plan: this.plan,
      optionsJson: JSON.stringify(options),
      outcomeRules: DEFAULT_OUTCOME_RULES,
      exports,
      isVirtual: clock instanceof VirtualClock,
      seed: 1,
      env: { TARGET: 'http://target' },
      defaultUserAgent: 'headroom/test',
      maxRequests: run.maxRequests ?? Infinity,
    }
    this.engine = new Engine(config, ports, {
      start: async () => run.onStart?.(this.engine),
      post: async (steps) => {
        this.takeRest()
        if (run.takesLate !== true) return this.#take(doAll(steps), run)
        steps.next()
        this.#begun = steps
      },
    })
  }

  async #take(snapshot: EngineSnapshot, { onPost }: EngineRunOptions): Promise<void> {
    this.snapshots.push(snapshot)
    await onPost?.(snapshot, this.clock)
  }

  /** Of a snapshot whose first step alone was taken. */
  takeRest(): void {
    if (this.#begun !== undefined) this.snapshots.push(doAll(this.#begun))
    this.#begun = undefined
  }
}

/** Runs a whole script against a scripted transport. */
export async function runEngine(run: EngineRunOptions): Promise<EngineRun> {
  const rig = new Rig(run)
  run.before?.(rig.engine, rig.clock)
  const result = await rig.engine.run()
  rig.takeRest()
  const { snapshots, transport, log } = rig
  const last = snapshots.at(-1)
  if (last === undefined) throw new Error('the engine posted nothing')
  return { ...addedUp(rig, result), result, snapshots, last, transport, seen: transport.seen, log }
}

/** What the main thread makes of the snapshots. */
function addedUp({ plan, snapshots }: Rig, result: EngineResult) {
  const rows: SecondRow[] = []
  const { loadEndUs, headroom } = plan
  const { warmupUs } = headroom
  const onSecond = (second: readonly SecondRow[]): void => void rows.push(...second)
  const totals = new RunTotals({ warmupUs, loadEndUs, capRps: undefined, onSecond })
  const metrics = new MetricStore(warmupUs)
  const checks = new CheckTally()
  for (const snapshot of snapshots) {
    totals.add(snapshot.recorder.closed)
    metrics.merge(snapshot.metrics)
    checks.merge(snapshot.checks)
  }
  const { iterations } = totals
  const figures = totals.finish({ loadEndUs: result.loadEndUs })
  const [all] = figures.names
  if (all === undefined) throw new Error('a run without its own row')
  return { rows, figures, all, iterations, metrics, checks: checks.results() }
}

export function summaryOf({ figures }: EngineRun, name: string): NameSummary {
  const found = figures.names.find((summary) => summary.name === name)
  if (found === undefined) throw new Error(`no summary of ${name}`)
  return found
}

/** What a metric of the run shows, e.g. `observe(run, 'http_reqs')`. */
export function observe(
  { metrics, last }: EngineRun,
  metric: string,
  method: Aggregation['method'] = 'count',
  tags: MetricSelector['tags'] = [],
): number | undefined {
  return metrics.observe({ metric, tags }, { method, percent: undefined }, last.nowUs)
}
