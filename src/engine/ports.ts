/** What an engine is given: every door to the world outside it. */
import type { Transport } from '../http/transport.ts'
import type { CheckTally } from '../measure/checks.ts'
import type { MetricRegistry } from '../measure/metrics.ts'
import type { OutcomeRules } from '../measure/outcome.ts'
import type { Recorder } from '../measure/recorder.ts'
import type { RequestLog } from '../measure/request-log.ts'
import type { Vitals } from '../measure/vitals.ts'
import type { RunPlan } from '../script/plan.ts'
import type { Clock } from './clock.ts'
import type { ScriptPort, Tags } from './host.ts'

export type LogLevel = 'info' | 'warn' | 'error'

/** Watches how the engine's thread fares between `begin` and `end`. */
export interface VitalsPort {
  begin(): void
  /** What was seen since the last call. */
  take(): Vitals | undefined
  end(): void
}

export interface EnginePorts {
  readonly clock: Clock
  /** Milliseconds since 1970, as the script's `Date` has it. */
  readonly wallTimeMs: () => number
  readonly transport: Transport
  readonly script: ScriptPort
  readonly recorder: Recorder
  readonly metrics: MetricRegistry
  readonly checks: CheckTally
  /** None in virtual time, which knows no lateness. */
  readonly vitals?: VitalsPort | undefined
  /** Takes every request of the load by itself, where that is wanted. */
  readonly requestLog?: RequestLog | undefined
  /** A line for the user. Repeated lines are the receiver's affair. */
  readonly log: (level: LogLevel, text: string) => void
  /** Turns an exception of the script into text with the user's own file and line. */
  readonly describeError: (error: unknown) => string
  /**
   * True for an error that must end the run: numbers recorded after it would be wrong
   * (a wait that the script did not wait for).
   */
  readonly isFatal: (error: unknown) => boolean
}

export interface EngineConfig {
  readonly plan: RunPlan
  /** Options of k6 from all places together, as scripts give them; may hold secrets. */
  readonly optionsJson: string
  readonly outcomeRules: OutcomeRules
  /** The functions that the script exports. */
  readonly exports: readonly string[]
  readonly isVirtual: boolean
  readonly seed: number
  /** `__ENV` of every VU. */
  readonly env: Tags
  readonly defaultUserAgent: string
  /** No request is sent beyond this number. */
  readonly maxRequests: number
}
