import type { SecondCell } from '../../measure/snapshot.ts'
import type { RunFacts } from '../../run-files/run-facts.ts'
import type { LiveGauges } from './otlp-metrics.ts'
import type { PreparedRun } from './prepare.ts'

export interface LivePushOptions {
  /** Of the receiver, with the path of the signal. */
  readonly url: string
  readonly runId: string
  readonly scenario: string
  /** What second 0 is, milliseconds since 1970. */
  readonly startedAtMs: number
  readonly warmupUs: number
  /** Milliseconds since 1970. */
  readonly nowMs: () => number
  /** Shows a line. */
  readonly warn: (text: string) => void
}

/** Tells somebody else how the run goes. Never keeps it waiting, never throws. */
export interface LivePush {
  /** Seconds that were resolved, each once. */
  add(cells: readonly SecondCell[]): void
  /** Sends what is known, unless the last push is still under way: then nobody is asked for `gauges`. */
  push(gauges: () => LiveGauges): void
  /** Pushes the final state; takes seconds at most, whatever the receiver does. */
  finish(gauges: LiveGauges): Promise<void>
}

/** Loads what is needed for `--otlp`, and nothing without it. @param warn shows a line. */
export async function openLivePush(
  { request, plan }: Pick<PreparedRun, 'request' | 'plan'>,
  { runId, scenario, epochMs }: RunFacts,
  warn: (text: string) => void,
): Promise<LivePush | undefined> {
  const { otlpUrl: url } = request
  if (url === undefined) return undefined
  const { OtlpPush } = await import('./otlp-push.ts')
  const { warmupUs } = plan.headroom
  return new OtlpPush({ url, runId, scenario, startedAtMs: epochMs, warmupUs, nowMs: () => Date.now(), warn })
}
