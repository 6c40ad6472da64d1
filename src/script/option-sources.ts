import type { OptionLayer } from './option-layer.ts'

/** What a text of the command line or of a variable stands for, in the form in which scripts give it. */
type TextReader = (text: string) => unknown

/** How one option of k6 is given outside of scripts. */
interface OptionSource {
  /** Its name in scripts. */
  readonly key: string
  readonly variable?: string
  /** As commander takes them. One with a value may be repeated when the option is a list. */
  readonly flags?: string
  readonly description?: string
  readonly read: TextReader
}

/** A flag of the command line that gives an option of k6. */
export interface OptionFlag {
  readonly key: string
  readonly flags: string
  readonly description: string
}

const text: TextReader = (value) => value

/** What is no number stays a text, which the check of the option refuses by its name. */
const number: TextReader = (value) => (/^[+-]?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value)

const TRUTH: Readonly<Record<string, boolean>> = {
  true: true,
  t: true,
  1: true,
  false: false,
  f: false,
  0: false,
}
const truth: TextReader = (value) => TRUTH[value.trim().toLowerCase()] ?? value

const words: TextReader = (value) =>
  value
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')

/** `30s:10,1m:20`. */
const stages: TextReader = (value) =>
  value.split(',').map((stage) => {
    const [duration, target] = stage.trim().split(/:(.*)/s)
    return { duration, target: target === undefined ? undefined : number(target) }
  })

/** `ttl=5m,select=random`. */
const fields: TextReader = (value) =>
  Object.fromEntries(
    value.split(',').map((field) => {
      const [name = '', ...rest] = field.split('=')
      return [name.trim(), rest.join('=').trim()]
    }),
  )

/** k6's own variables and flags. */
const OPTION_SOURCES: readonly OptionSource[] = [
  {
    key: 'vus',
    variable: 'K6_VUS',
    flags: '-u, --vus <n>',
    description: 'number of VUs, with --duration or --iterations',
    read: number,
  },
  {
    key: 'duration',
    variable: 'K6_DURATION',
    flags: '-d, --duration <time>',
    description: 'length of the load, e.g. 30s',
    read: text,
  },
  {
    key: 'iterations',
    variable: 'K6_ITERATIONS',
    flags: '-i, --iterations <n>',
    description: 'number of iterations that the VUs share',
    read: number,
  },
  {
    key: 'stages',
    variable: 'K6_STAGES',
    flags: '-s, --stage <time:vus>',
    description: 'stage of a ramp of VUs, e.g. 30s:10 (repeatable)',
    read: stages,
  },
  {
    key: 'minIterationDuration',
    variable: 'K6_MIN_ITERATION_DURATION',
    flags: '--min-iteration-duration <time>',
    description: 'a VU waits when its iteration took less',
    read: text,
  },
  {
    key: 'noSetup',
    variable: 'K6_NO_SETUP',
    flags: '--no-setup',
    description: 'do not call setup()',
    read: truth,
  },
  {
    key: 'noTeardown',
    variable: 'K6_NO_TEARDOWN',
    flags: '--no-teardown',
    description: 'do not call teardown()',
    read: truth,
  },
  { key: 'setupTimeout', variable: 'K6_SETUP_TIMEOUT', read: text },
  { key: 'teardownTimeout', variable: 'K6_TEARDOWN_TIMEOUT', read: text },
  {
    key: 'rps',
    variable: 'K6_RPS',
    flags: '--rps <n>',
    description: 'send at most so many requests per second',
    read: number,
  },
  {
    key: 'maxRedirects',
    variable: 'K6_MAX_REDIRECTS',
    flags: '--max-redirects <n>',
    description: 'follow at most so many redirects',
    read: number,
  },
  {
    key: 'batch',
    variable: 'K6_BATCH',
    flags: '--batch <n>',
    description: 'parallel requests of one http.batch()',
    read: number,
  },
  {
    key: 'batchPerHost',
    variable: 'K6_BATCH_PER_HOST',
    flags: '--batch-per-host <n>',
    description: 'the same for each host',
    read: number,
  },
  {
    key: 'userAgent',
    variable: 'K6_USER_AGENT',
    flags: '--user-agent <text>',
    description: 'User-Agent of every request',
    read: text,
  },
  {
    key: 'insecureSkipTLSVerify',
    variable: 'K6_INSECURE_SKIP_TLS_VERIFY',
    flags: '--insecure-skip-tls-verify',
    description: 'accept any certificate',
    read: truth,
  },
  {
    key: 'noConnectionReuse',
    variable: 'K6_NO_CONNECTION_REUSE',
    flags: '--no-connection-reuse',
    description: 'a connection for every request',
    read: truth,
  },
  {
    key: 'noVUConnectionReuse',
    variable: 'K6_NO_VU_CONNECTION_REUSE',
    flags: '--no-vu-connection-reuse',
    description: 'new connections for every iteration',
    read: truth,
  },
  {
    key: 'discardResponseBodies',
    variable: 'K6_DISCARD_RESPONSE_BODIES',
    flags: '--discard-response-bodies',
    description: 'do not keep bodies of replies',
    read: truth,
  },
  {
    key: 'throw',
    variable: 'K6_THROW',
    flags: '-w, --throw',
    description: 'a request that fails throws',
    read: truth,
  },
  { key: 'noCookiesReset', variable: 'K6_NO_COOKIES_RESET', read: truth },
  {
    key: 'blacklistIPs',
    variable: 'K6_BLACKLIST_IPS',
    flags: '--blacklist-ip <cidr>',
    description: 'refuse to connect to these addresses (repeatable)',
    read: words,
  },
  {
    key: 'blockHostnames',
    variable: 'K6_BLOCK_HOSTNAMES',
    flags: '--block-hostnames <pattern>',
    description: 'refuse requests to these hosts (repeatable)',
    read: words,
  },
  {
    key: 'dns',
    variable: 'K6_DNS',
    flags: '--dns <settings>',
    description: 'e.g. ttl=5m,select=random,policy=preferIPv4',
    read: fields,
  },
  {
    key: 'summaryTrendStats',
    variable: 'K6_SUMMARY_TREND_STATS',
    flags: '--summary-trend-stats <list>',
    description: "statistics of trends in k6's summary, e.g. avg,p(99)",
    read: words,
  },
  {
    key: 'summaryTimeUnit',
    variable: 'K6_SUMMARY_TIME_UNIT',
    flags: '--summary-time-unit <unit>',
    description: "s, ms or us in k6's summary",
    read: text,
  },
  {
    key: 'systemTags',
    variable: 'K6_SYSTEM_TAGS',
    flags: '--system-tags <list>',
    description: 'tags that samples get by themselves',
    read: words,
  },
  { key: 'httpDebug', variable: 'K6_HTTP_DEBUG', read: text },
  { key: 'localIPs', variable: 'K6_LOCAL_IPS', read: text },
  { key: 'paused', variable: 'K6_PAUSED', read: truth },
]

/** The flags that give options of k6, in the order of the help. */
export const OPTION_FLAGS: readonly OptionFlag[] = OPTION_SOURCES.flatMap(
  ({ key, flags, description = '' }) => (flags === undefined ? [] : [{ key, flags, description }]),
)

/** Options given as variables of the environment. As in k6, an empty variable gives nothing. */
export function variableLayer(env: Readonly<Record<string, string | undefined>>): OptionLayer {
  const given = OPTION_SOURCES.flatMap(({ key, variable = '', read }) => {
    const value = env[variable]
    return value === undefined || value === '' ? [] : [[key, read(value)] as const]
  })
  return { values: Object.fromEntries(given), whereOf: nameOf(({ variable }) => variable) }
}

/** Options given as flags. */
export interface FlagValues {
  /** What stands behind the flag of each option, by the option's key; `true` for a flag without a value. */
  readonly texts: Readonly<Record<string, readonly string[] | true>>
  readonly tags: Readonly<Record<string, string>>
}

export function flagLayer({ texts, tags }: FlagValues): OptionLayer {
  const given = OPTION_SOURCES.flatMap(({ key, read }) => {
    const value = texts[key]
    if (value === undefined) return []
    return [[key, value === true || read(value.join(','))] as const]
  })
  const hasTags = Object.keys(tags).length > 0
  return {
    values: { ...Object.fromEntries(given), ...(hasTags ? { tags } : {}) },
    whereOf: nameOf(({ flags }) => flags?.match(/--[\w-]+/)?.[0]),
  }
}

function nameOf(name: (source: OptionSource) => string | undefined): (key: string) => string {
  return (key) => OPTION_SOURCES.filter((source) => source.key === key).map(name)[0] ?? key
}
