import { US_PER_MS } from '../core/units.ts'
import type { MetricRegistry } from '../measure/metrics.ts'
import type { MeteredRequest } from './request-meter.ts'

/** k6's built-in metrics of requests, each with k6's meaning. */
export class RequestMetrics {
  readonly #metrics: MetricRegistry
  readonly #ids: ReturnType<typeof metricIds>

  constructor(metrics: MetricRegistry) {
    this.#metrics = metrics
    this.#ids = metricIds(metrics)
  }

  /** @param atUs when its samples count as taken; the request itself ended at `doneAtUs` */
  ended(request: MeteredRequest, doneAtUs: number, atUs: number): void {
    const { response, error, isExpected, outcome } = request
    const ids = this.#ids
    const end = response ?? error
    this.#metrics.add(ids.reqs, 1, request, atUs)
    if (isExpected !== undefined) this.#metrics.add(ids.failed, isExpected ? 0 : 1, request, atUs)
    this.#metrics.add(ids.dataSent, end?.sentBytes ?? 0, request, atUs)
    this.#metrics.add(ids.dataReceived, end?.receivedBytes ?? 0, request, atUs)
    if (outcome === 'aborted') return
    this.#addTime(ids.duration, doneAtUs - request.sentAtUs, request, atUs)
    this.#addPhases(request, atUs)
  }

  /** k6 gives the phases of failed requests too: zero for those they did not reach. */
  #addPhases(request: MeteredRequest, atUs: number): void {
    const ids = this.#ids
    const timings = request.response?.timings
    const connecting = timings ?? request.error
    if (connecting === undefined) return
    const sendingUs = timings === undefined ? 0 : timings.requestEndAtUs - timings.sentAtUs
    const waitingUs = timings === undefined ? 0 : timings.firstByteAtUs - timings.requestEndAtUs
    const receivingUs = timings === undefined ? 0 : timings.doneAtUs - timings.firstByteAtUs
    this.#addTime(ids.blocked, connecting.blockedUs, request, atUs)
    this.#addTime(ids.connecting, connecting.connectingUs, request, atUs)
    this.#addTime(ids.tlsHandshaking, connecting.tlsUs, request, atUs)
    this.#addTime(ids.sending, sendingUs, request, atUs)
    this.#addTime(ids.waiting, waitingUs, request, atUs)
    this.#addTime(ids.receiving, receivingUs, request, atUs)
  }

  #addTime(id: number, durationUs: number, request: MeteredRequest, atUs: number): void {
    this.#metrics.add(id, durationUs / US_PER_MS, request, atUs)
  }
}

function metricIds(metrics: MetricRegistry) {
  return {
    reqs: metrics.id('http_reqs'),
    failed: metrics.id('http_req_failed'),
    dataSent: metrics.id('data_sent'),
    dataReceived: metrics.id('data_received'),
    duration: metrics.id('http_req_duration'),
    blocked: metrics.id('http_req_blocked'),
    connecting: metrics.id('http_req_connecting'),
    tlsHandshaking: metrics.id('http_req_tls_handshaking'),
    sending: metrics.id('http_req_sending'),
    waiting: metrics.id('http_req_waiting'),
    receiving: metrics.id('http_req_receiving'),
  }
}
