import type { VuHost } from '../../engine/host.ts'
import type { EventLoop } from '../event-loop.ts'
import type { RandomSource } from '../random-source.ts'
import type { SharedArrays } from '../shared-arrays.ts'
import { createCryptoModule } from './crypto.ts'
import { createDataModule } from './data.ts'
import { createEncodingModule } from './encoding.ts'
import { createExecutionModule } from './execution.ts'
import { createHtmlModule } from './html/module.ts'
import { createHttpModule } from './http/module.ts'
import { createK6Module } from './k6.ts'
import { createMetricsModule } from './metrics.ts'
import { createTimersModule } from './timers.ts'
import type { WaitGate } from './wait-gate.ts'

/** What the modules of one VU need besides the engine. */
export interface ModuleParts {
  readonly gate: WaitGate
  readonly loop: EventLoop
  readonly random: RandomSource
  readonly sharedArrays: SharedArrays
  /** Milliseconds since 1970, on the script's own clock. */
  readonly nowMs: () => number
}

type ModuleExports = Readonly<Record<string, unknown>>

const CREATE: Readonly<Record<string, (host: VuHost, parts: ModuleParts) => object>> = {
  k6: (host, { gate, random }) => createK6Module(host, gate, random),
  'k6/crypto': (_, { random }) => createCryptoModule(random),
  'k6/data': (host, { sharedArrays }) => createDataModule(host, sharedArrays),
  'k6/encoding': () => createEncodingModule(),
  'k6/execution': (host) => createExecutionModule(host),
  'k6/html': () => createHtmlModule(),
  'k6/http': (host, parts) => createHttpModule(host, parts),
  'k6/metrics': (host) => createMetricsModule(host),
  'k6/timers': (host, { loop }) => createTimersModule(host, loop),
}

/**
 * The k6 modules of one VU by import name: each with its named exports and `default`. They are made when they are
 * first read, because there are many VUs and a script imports few.
 */
export function createModules(host: VuHost, parts: ModuleParts): Readonly<Record<string, ModuleExports>> {
  const made = new Map<string, ModuleExports>()
  const moduleOf = (name: string): ModuleExports | undefined => {
    const exports = made.get(name) ?? withDefault(CREATE[name]?.(host, parts))
    if (exports !== undefined) made.set(name, exports)
    return exports
  }
  return new Proxy({}, { get: (_, name) => moduleOf(String(name)) })
}

function withDefault(exports: object | undefined): ModuleExports | undefined {
  return exports && { ...exports, default: exports }
}
