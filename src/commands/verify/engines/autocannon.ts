import autocannon from 'autocannon'
import { US_PER_MS } from '../../../core/units.ts'
import { createRequire } from 'node:module'
import { durationSOf, type Load } from '../load.ts'
import type { Observation } from '../observation.ts'
import type { Engine, Place } from './engine.ts'

/** Several times as many as the slowest case needs. */
const CONNECTIONS = 50

const { version } = createRequire(import.meta.url)('autocannon/package.json') as { version: string }

/** autocannon's rate mode, its correction of latencies included: what its users take for an open model. */
export const AUTOCANNON: Engine = {
  shown: `autocannon ${version} (${CONNECTIONS} connections, overallRate)`,
  canWarmUp: false,
  cannot: ({ load, target }) => {
    if (target.kind === 'virtual') return 'it has no virtual time'
    return load.length > 1 ? 'it keeps one rate' : undefined
  },
  observe: async (load, place) => observationOf(await shoot(load, place)),
}

function shoot(load: Load, { target, signal }: Place): Promise<autocannon.Result> {
  const [{ rateRps }] = load
  return new Promise((resolve, reject) => {
    const instance = autocannon(
      {
        url: target,
        connections: Math.min(CONNECTIONS, rateRps),
        overallRate: rateRps,
        duration: durationSOf(load),
      },
      (error: unknown, result) => {
        signal.removeEventListener('abort', stop)
        if (error) reject(error)
        else resolve(result)
      },
    )
    const stop = (): void => instance.stop?.()
    signal.addEventListener('abort', stop)
  })
}

/** It has one latency, which is to count from when a request should have been sent: both of ours are held against it. */
function observationOf(result: autocannon.Result): Observation {
  const { latency, requests, throughput, duration, statusCodeStats } = result
  const times = {
    minUs: latency.min * US_PER_MS,
    p50Us: latency.p50 * US_PER_MS,
    p90Us: latency.p90 * US_PER_MS,
    p99Us: latency.p99 * US_PER_MS,
    p999Us: latency.p99_9 * US_PER_MS,
    maxUs: latency.max * US_PER_MS,
  }
  return {
    sentCount: requests.sent,
    sentRps: requests.sent / duration,
    acceptedCount: result['2xx'],
    throttledCount: statusCodeStats?.['429']?.count ?? 0,
    serviceTime: times,
    responseTime: times,
    receivedBytes: throughput.total,
  }
}
