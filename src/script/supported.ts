/**
 * What of k6's modules scripts can use here. The one table behind the load-time check, the await insertion and the messages.
 * `waits`: the call takes time in k6, so that ours returns a promise.
 */
const SUPPORTED: Readonly<Record<string, Readonly<Record<string, 'waits' | 'returns'>>>> = {
  k6: { check: 'returns', sleep: 'waits', group: 'waits', fail: 'returns' },
  'k6/http': {
    get: 'waits',
    post: 'waits',
    put: 'waits',
    patch: 'waits',
    del: 'waits',
    head: 'waits',
    options: 'waits',
    request: 'waits',
  },
  'k6/metrics': { Counter: 'returns', Gauge: 'returns', Rate: 'returns', Trend: 'returns' },
}

/** What to do about something of k6 that is not offered here. */
export const RUN_WITH_K6 = 'run it with k6'

/** Global functions of k6 that are not offered here. */
export const UNSUPPORTED_GLOBALS: readonly string[] = ['open']

export function isSupportedModule(module: string): boolean {
  return Object.hasOwn(SUPPORTED, module)
}

export function isSupportedName(module: string, name: string): boolean {
  return Object.hasOwn(SUPPORTED[module] ?? {}, name)
}

/** Whether the function returns a promise here. */
export function isWaiting(module: string, name: string): boolean {
  return isSupportedName(module, name) && SUPPORTED[module]?.[name] === 'waits'
}

/** Whether any function of the module returns a promise here. */
export function hasWaiting(module: string): boolean {
  return Object.values(SUPPORTED[module] ?? {}).includes('waits')
}

/** The supported names of one module. */
export function namesOf(module: string): string[] {
  return Object.keys(SUPPORTED[module] ?? {})
}

/** The same for a message: `get, post, …`. */
export function listNames(module: string): string {
  return namesOf(module).join(', ')
}

/** All that is supported: `k6 (check, …), k6/http (get, …), …`. */
export function listSupported(): string {
  return Object.keys(SUPPORTED)
    .map((module) => `${module} (${listNames(module)})`)
    .join(', ')
}
