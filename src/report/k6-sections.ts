import { BUILTIN_METRICS } from '../measure/metric-types.ts'

interface K6Section {
  readonly title: string
  readonly has: (name: string) => boolean
}

const ORIGINS = new Map(BUILTIN_METRICS.map(({ name, origin }) => [name, origin]))

function isOfK6(name: string, prefix: string): boolean {
  return ORIGINS.get(name) === 'k6' && name.startsWith(prefix)
}

const isHttp = (name: string): boolean => isOfK6(name, 'http_req')
const isNetwork = (name: string): boolean => isOfK6(name, 'data_')

/** Metrics by what they are about, in k6's order; what k6 does not have comes last. */
export const SECTIONS: readonly K6Section[] = [
  { title: 'CUSTOM', has: (name) => !ORIGINS.has(name) },
  { title: 'HTTP', has: isHttp },
  { title: 'EXECUTION', has: (name) => isOfK6(name, '') && !isHttp(name) && !isNetwork(name) },
  { title: 'NETWORK', has: isNetwork },
  { title: 'HEADROOM', has: (name) => ORIGINS.get(name) === 'headroom' },
]

/** Checks have lines of their own, and k6 does not show how long groups took. */
const SHOWN_OTHERWISE = ['checks', 'group_duration']
const COMPACT_HTTP = ['http_req_duration', 'http_req_failed', 'http_reqs']

/** Whether the summary shows the metric of this name. */
export function isShownIn(mode: 'compact' | 'full', name: string): boolean {
  if (SHOWN_OTHERWISE.includes(name)) return false
  return mode === 'full' || !isHttp(name) || COMPACT_HTTP.includes(name)
}
