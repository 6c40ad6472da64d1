import { EXIT, UserError, type Fault } from '../../core/errors.ts'

const METRICS_PATH = '/v1/metrics'

/**
 * Where `--otlp` sends metrics: as with OTEL_EXPORTER_OTLP_ENDPOINT, the URL is that of the receiver, and the path of
 * the signal is added unless it is there.
 *
 * @throws UserError (usage) with every fault. The URL is not repeated: there may be a key in it.
 */
export function readOtlpUrl(given: string | undefined, isVirtual: boolean): string | undefined {
  if (given === undefined) return undefined
  const url = URL.canParse(given) ? new URL(given) : undefined
  const faults = [...urlFaults(url), ...(isVirtual ? [VIRTUAL_FAULT] : [])]
  if (faults.length > 0) throw new UserError(EXIT.usage, faults)
  if (url === undefined) throw new Error('no URL, and no fault that says why')
  const path = url.pathname.replace(/\/+$/, '')
  return url.origin + (path.endsWith(METRICS_PATH) ? path : path + METRICS_PATH)
}

const VIRTUAL_FAULT: Fault = {
  where: '--otlp',
  what: 'virtual time passes faster than anybody can watch it',
  todo: 'leave --otlp or --virtual out',
}

function urlFaults(url: URL | undefined): Fault[] {
  const fault = (what: string, todo: string): Fault => ({ where: '--otlp', what, todo })
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    return [fault('is no http or https URL', 'give that of an OTLP receiver, e.g. http://127.0.0.1:4318')]
  }
  if (url.username + url.password + url.search + url.hash === '') return []
  const todo = 'give credentials in OTEL_EXPORTER_OTLP_HEADERS, e.g. Authorization=Bearer …'
  return [fault('the URL has credentials, a query or a fragment', todo)]
}
