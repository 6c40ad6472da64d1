/** What to do about something of k6 that is not offered here. */
export const RUN_WITH_K6 = 'run it with k6'

/**
 * What of k6's modules scripts can use here. The one table behind the load-time check, the await insertion and the messages.
 * `waits`: the call takes time in k6, so that ours returns a promise.
 */
const SUPPORTED: Readonly<Record<string, Readonly<Record<string, 'waits' | 'returns'>>>> = {
  k6: { check: 'returns', sleep: 'waits', group: 'waits', fail: 'returns', randomSeed: 'returns' },
  'k6/crypto': {
    createHash: 'returns',
    createHMAC: 'returns',
    hmac: 'returns',
    md4: 'returns',
    md5: 'returns',
    randomBytes: 'returns',
    ripemd160: 'returns',
    sha1: 'returns',
    sha256: 'returns',
    sha384: 'returns',
    sha512: 'returns',
    sha512_224: 'returns',
    sha512_256: 'returns',
  },
  'k6/data': { SharedArray: 'returns' },
  'k6/encoding': { b64decode: 'returns', b64encode: 'returns' },
  'k6/execution': { instance: 'returns', scenario: 'returns', test: 'returns', vu: 'returns' },
  'k6/html': { parseHTML: 'returns' },
  'k6/http': {
    get: 'waits',
    post: 'waits',
    put: 'waits',
    patch: 'waits',
    del: 'waits',
    head: 'waits',
    options: 'waits',
    request: 'waits',
    batch: 'waits',
    asyncRequest: 'returns',
    cookieJar: 'returns',
    CookieJar: 'returns',
    expectedStatuses: 'returns',
    file: 'returns',
    setResponseCallback: 'returns',
    url: 'returns',
    SSL_3_0: 'returns',
    TLS_1_0: 'returns',
    TLS_1_1: 'returns',
    TLS_1_2: 'returns',
    TLS_1_3: 'returns',
    OCSP_STATUS_GOOD: 'returns',
    OCSP_STATUS_REVOKED: 'returns',
    OCSP_STATUS_SERVER_FAILED: 'returns',
    OCSP_STATUS_UNKNOWN: 'returns',
    OCSP_REASON_AA_COMPROMISE: 'returns',
    OCSP_REASON_AFFILIATION_CHANGED: 'returns',
    OCSP_REASON_CA_COMPROMISE: 'returns',
    OCSP_REASON_CERTIFICATE_HOLD: 'returns',
    OCSP_REASON_CESSATION_OF_OPERATION: 'returns',
    OCSP_REASON_KEY_COMPROMISE: 'returns',
    OCSP_REASON_PRIVILEGE_WITHDRAWN: 'returns',
    OCSP_REASON_REMOVE_FROM_CRL: 'returns',
    OCSP_REASON_SUPERSEDED: 'returns',
    OCSP_REASON_UNSPECIFIED: 'returns',
  },
  'k6/metrics': { Counter: 'returns', Gauge: 'returns', Rate: 'returns', Trend: 'returns' },
  'k6/timers': {
    clearInterval: 'returns',
    clearTimeout: 'returns',
    setInterval: 'returns',
    setTimeout: 'returns',
  },
}

/** Modules of k6, now or once, that are not offered here, with what to do instead. */
const REFUSED: Readonly<Record<string, string>> = {
  'k6/browser': RUN_WITH_K6,
  'k6/experimental/browser': `import 'k6/browser', and ${RUN_WITH_K6}`,
  'k6/experimental/csv': `read the file with open(…) and take it apart inside a SharedArray of k6/data, or ${RUN_WITH_K6}`,
  'k6/experimental/fs': `read the file with open(…) while the script loads, or ${RUN_WITH_K6}`,
  'k6/experimental/grpc': `import 'k6/net/grpc', and ${RUN_WITH_K6}`,
  'k6/experimental/redis': 'run it with a k6 that has the extension xk6-redis built in',
  'k6/experimental/streams': RUN_WITH_K6,
  'k6/experimental/timers': "import 'k6/timers', which has the same functions",
  'k6/experimental/tracing': 'set the traceparent header yourself in params.headers',
  'k6/experimental/webcrypto': 'use the global crypto, without an import',
  'k6/experimental/websockets': `import 'k6/websockets', and ${RUN_WITH_K6}`,
  'k6/net/grpc': RUN_WITH_K6,
  'k6/secrets': `read the value from __ENV and give it with -e NAME=…, or ${RUN_WITH_K6}`,
  'k6/websockets': RUN_WITH_K6,
  'k6/ws': RUN_WITH_K6,
}

/** What comes out otherwise than on k6, by module, in the words of the README. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  k6: '`randomSeed` gives other numbers than k6 for the same seed',
  'k6/crypto':
    '`md4` only where the OpenSSL of Node has it (`NODE_OPTIONS=--openssl-legacy-provider`); `randomBytes` is seeded in virtual time',
  'k6/data': 'all VUs read the same frozen elements, where k6 hands out copies',
  'k6/http':
    'HTTP/1.1 only; no NTLM; no gjson modifiers and multipaths in `Response.json`; zstd from Node 22.15; ' +
    '`ocsp` is never known; the default `name` tag is the URL without its query, because keys stand there at times',
  'k6/metrics': 'a `Trend` is kept in a sketch: percentiles within 0.1 %, exact count, sum, min and max',
  'k6/timers': 'not while the script loads; an interval is at least 1 ms',
}

export function supportedModules(): string[] {
  return Object.keys(SUPPORTED)
}

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

/** The functions of the module that return promises here. */
export function waitingNames(module: string): string[] {
  return namesOf(module).filter((name) => isWaiting(module, name))
}

/** Methods of k6's own objects that take time in k6, by names that are theirs alone. */
export const WAITING_METHODS: readonly string[] = ['submitForm', 'clickLink']

/** The supported names of one module. */
export function namesOf(module: string): string[] {
  return Object.keys(SUPPORTED[module] ?? {})
}

/** The same for a message: `get, post, …`. */
export function listNames(module: string): string {
  return namesOf(module).join(', ')
}

/** What differs from k6 in a module; `undefined`: nothing known. */
export function differenceOf(module: string): string | undefined {
  return DIFFERENCES[module]
}

export function refusedModules(): string[] {
  return Object.keys(REFUSED)
}

/** What to do about a module of k6 that is not offered here; `undefined` for any other name. */
export function insteadOf(module: string): string | undefined {
  return Object.hasOwn(REFUSED, module) ? REFUSED[module] : undefined
}
