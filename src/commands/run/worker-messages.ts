import type { MockConfig } from '../../../mock-server/config.ts'
import type { MockState } from '../../../mock-server/app.ts'
import type { ExitCode, Fault } from '../../core/errors.ts'
import type { LogLevel } from '../../engine/ports.ts'
import type { EngineResult, EngineSnapshot, StopReason } from '../../engine/protocol.ts'
import type { MetricSelector } from '../../measure/metric-types.ts'
import type { RunPlan } from '../../script/plan.ts'
import type { ScriptBundle } from '../../script/script-bundle.ts'

/** Where the engine's requests go: sockets, or the mock's core in the worker itself. */
type World =
  | { readonly kind: 'sockets' }
  | { readonly kind: 'virtual'; readonly mock: MockConfig; readonly authority: string }

/** All that a worker needs; crosses by structured clone. */
export interface WorkerJob {
  readonly bundle: ScriptBundle
  readonly plan: RunPlan
  readonly exports: readonly string[]
  /** What the thresholds look at. */
  readonly selectors: readonly MetricSelector[]
  readonly env: Readonly<Record<string, string>>
  /** Values of `env` that no name may show. */
  readonly secretValues: readonly string[]
  readonly seed: number
  readonly maxRequests: number
  readonly defaultUserAgent: string
  readonly world: World
}

export type FromWorker =
  | { readonly type: 'snapshot'; readonly snapshot: EngineSnapshot }
  /** Set-up is over: traffic begins when the main thread says go. */
  | { readonly type: 'starting' }
  /** The thread's event loop turns. */
  | { readonly type: 'alive' }
  | { readonly type: 'log'; readonly level: LogLevel; readonly text: string }
  | { readonly type: 'done'; readonly result: EngineResult; readonly mockState: MockState | undefined }
  /** Set-up or teardown failed. */
  | { readonly type: 'failed'; readonly exitCode: ExitCode; readonly faults: readonly Fault[] }
  /** A fault of ours. */
  | { readonly type: 'broken'; readonly error: unknown }

export type ToWorker =
  | { readonly type: 'stop'; readonly reason: StopReason }
  | { readonly type: 'go' }
  /** The last snapshot was taken in. */
  | { readonly type: 'taken' }
