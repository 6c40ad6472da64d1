import type { VuHost } from '../../engine/host.ts'
import { createHttpModule } from './http.ts'
import { createK6Module } from './k6.ts'
import { createMetricsModule } from './metrics.ts'
import type { WaitGate } from './wait-gate.ts'

/** The k6 modules of one VU by import name: each with its named exports and `default`. */
export function createModules(host: VuHost, gate: WaitGate): Record<string, Record<string, unknown>> {
  const modules = {
    k6: createK6Module(host, gate),
    'k6/http': createHttpModule(host, gate),
    'k6/metrics': createMetricsModule(host),
  }
  return Object.fromEntries(
    Object.entries(modules).map(([name, exports]) => [name, { ...exports, default: exports }]),
  )
}
