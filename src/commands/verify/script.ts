import { durationSOf, peakRateRps, type Load } from './load.ts'

/** VUs that make up for replies of two seconds and more. */
const LEAST_VUS = 250
const VUS_PER_RPS = 2

/** No reply of the mock takes longer. */
const GRACEFUL_STOP = '10s'

/** Trend of the script: what refusals asked for, in seconds, which k6 has no metric for. */
export const RETRY_AFTER_TREND = 'retry_after_seconds'
/** k6's summary has figures of some requests only where a threshold asks for them. */
export const THROTTLED_REQUESTS = 'http_reqs{status:429}'
export const ACCEPTED_DURATION = 'http_req_duration{expected_response:true}'

interface ScriptSettings {
  /** How long the first rate goes on before the load; k6 knows of none. */
  readonly warmupS: number
  readonly summaryTrendStats: readonly string[]
}

/** The k6 script that sends a load to `__ENV.TARGET`: the same for headroom and for k6. */
export function scriptOf(load: Load, { warmupS, summaryTrendStats }: ScriptSettings): string {
  const options = {
    scenarios: { verify: scenarioOf(warmedUp(load, warmupS)) },
    ext: { headroom: { warmup: `${warmupS}s` } },
    summaryTrendStats,
    thresholds: { [THROTTLED_REQUESTS]: ['count>=0'], [ACCEPTED_DURATION]: ['max>=0'] },
  }
  return `import http from 'k6/http'
import { Trend } from 'k6/metrics'

export const options = ${JSON.stringify(options, null, 2)}

const retryAfter = new Trend(${JSON.stringify(RETRY_AFTER_TREND)})

export default function () {
  const reply = http.get(__ENV.TARGET, { tags: { name: 'verify' } })
  const seconds = reply.headers['Retry-After']
  if (seconds !== undefined) retryAfter.add(Number(seconds))
}
`
}

function warmedUp([first, ...others]: Load, warmupS: number): Load {
  return [{ ...first, durationS: first.durationS + warmupS }, ...others]
}

function scenarioOf(load: Load): object {
  const vus = Math.max(LEAST_VUS, VUS_PER_RPS * peakRateRps(load))
  const common = { timeUnit: '1s', preAllocatedVUs: vus, maxVUs: vus, gracefulStop: GRACEFUL_STOP }
  const [{ rateRps }] = load
  if (load.length === 1) {
    return {
      executor: 'constant-arrival-rate',
      rate: rateRps,
      duration: `${durationSOf(load)}s`,
      ...common,
    }
  }
  const stages = load.flatMap((stage) => [
    { duration: '0s', target: stage.rateRps },
    { duration: `${stage.durationS}s`, target: stage.rateRps },
  ])
  return { executor: 'ramping-arrival-rate', startRate: rateRps, stages, ...common }
}
