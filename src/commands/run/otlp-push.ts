import type { HrTime } from '@opentelemetry/api'
import {
  AggregationTemporalityPreference,
  OTLPMetricExporter,
} from '@opentelemetry/exporter-metrics-otlp-http'
import { detectResources, envDetector, resourceFromAttributes, type Resource } from '@opentelemetry/resources'
import type { SecondCell } from '../../measure/snapshot.ts'
import { TOOL_VERSION } from '../version.ts'
import type { LivePush, LivePushOptions } from './otlp.ts'
import { OtlpMetrics, type LiveGauges } from './otlp-metrics.ts'

/** A push that takes longer is given up: the next one says all that it did. */
const TIMEOUT_MS = 2_000

/**
 * Pushes the state of a run to an OTLP receiver, one push at a time: when the receiver is slow, what comes
 * meanwhile waits for the next. Nothing that goes wrong reaches the run.
 */
export class OtlpPush implements LivePush {
  readonly #options: LivePushOptions
  readonly #metrics: OtlpMetrics
  readonly #exporter: OTLPMetricExporter
  readonly #resource: Resource
  readonly #startTime: HrTime
  #pushing: Promise<void> | undefined
  #pushedCount = 0
  #failedCount = 0

  constructor(options: LivePushOptions) {
    this.#options = options
    this.#metrics = new OtlpMetrics(options.warmupUs)
    this.#exporter = new OTLPMetricExporter({
      url: options.url,
      timeoutMillis: TIMEOUT_MS,
      temporalityPreference: AggregationTemporalityPreference.CUMULATIVE,
      // The exporter's own limit begins when a connection is there.
      httpAgentOptions: { keepAlive: true, timeout: TIMEOUT_MS },
    })
    this.#resource = resourceOf(options)
    this.#startTime = hrTime(options.startedAtMs)
  }

  add(cells: readonly SecondCell[]): void {
    this.#metrics.add(cells)
  }

  push(gauges: () => LiveGauges): void {
    this.#pushing ??= this.#push(gauges()).finally(() => {
      this.#pushing = undefined
    })
  }

  async finish(gauges: LiveGauges): Promise<void> {
    await this.#pushing
    await this.#push(gauges)
    await this.#exporter.shutdown()
    if (this.#failedCount === 0) return
    this.#options.warn(
      `--otlp: ${this.#failedCount} of ${this.#pushedCount} pushes did not arrive; each holds the sums from the start of the run`,
    )
  }

  async #push(gauges: LiveGauges): Promise<void> {
    this.#pushedCount++
    const error = await this.#export(gauges)
    if (error === undefined) return
    this.#failedCount++
    if (this.#failedCount > 1) return
    this.#options.warn(`--otlp: the receiver at ${this.#options.url} does not take metrics: ${error.message}`)
  }

  #export(gauges: LiveGauges): Promise<Error | undefined> {
    const times = { startTime: this.#startTime, endTime: hrTime(this.#options.nowMs()) }
    const scope = { name: 'headroom', version: TOOL_VERSION }
    const scopeMetrics = [{ scope, metrics: this.#metrics.data(gauges, times) }]
    return new Promise((resolve) => {
      this.#exporter.export({ resource: this.#resource, scopeMetrics }, ({ error }) => resolve(error))
    })
  }
}

/** What the user says with OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME wins. */
function resourceOf({ runId, scenario }: LivePushOptions): Resource {
  const own = resourceFromAttributes({
    'service.name': 'headroom',
    'service.version': TOOL_VERSION,
    'service.instance.id': runId,
    run_id: runId,
    scenario,
  })
  return own.merge(detectResources({ detectors: [envDetector] }))
}

function hrTime(epochMs: number): HrTime {
  const seconds = Math.floor(epochMs / 1_000)
  return [seconds, Math.round((epochMs - seconds * 1_000) * 1_000_000)]
}
