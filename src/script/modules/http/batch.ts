import { textOf } from '../text.ts'
import { HttpUrl } from './url.ts'

/** A request of `http.batch`, whatever it was written as. */
export interface BatchRequest {
  readonly method: string
  readonly url: unknown
  readonly body: unknown
  readonly params: unknown
}

interface BatchLimits {
  /** Requests under way at once; 0: any number. */
  readonly batch: number
  readonly batchPerHost: number
}

/** What `http.batch` takes: `GET` of a URL, `[method, url, body, params]` or `{ method, url, body, params }`. @throws {TypeError} */
export function readBatchRequest(given: unknown, key: string): BatchRequest {
  if (Array.isArray(given)) {
    const [method, url, body, params] = given as unknown[]
    if (given.length < 2)
      throw new TypeError(`request ${key} of http.batch() needs at least a method and a URL`)
    return { method: String(method).toUpperCase(), url, body, params }
  }
  if (typeof given !== 'object' || given === null || given instanceof HttpUrl || !('url' in given)) {
    return { method: 'GET', url: given, body: undefined, params: undefined }
  }
  const { method = 'GET', url, body, params } = given as { method?: unknown } & Omit<BatchRequest, 'method'>
  return { method: textOf(method).toUpperCase(), url, body, params }
}

/**
 * Sends requests side by side, in their order: so many at once, and so many of them to one host. One that waits for its
 * host keeps its place among those under way, as in k6. What becomes of one is nothing to the others.
 *
 * @returns the ends of the requests, in their order
 */
export async function sendBatch<T>(
  requests: readonly BatchRequest[],
  limits: BatchLimits,
  send: (request: BatchRequest) => Promise<T>,
): Promise<PromiseSettledResult<T>[]> {
  const hosts = new HostSlots(limits.batchPerHost)
  const ends: PromiseSettledResult<T>[] = []
  let next = 0
  const work = async (): Promise<void> => {
    for (let index = next++; index < requests.length; index = next++) {
      const request = requests[index]!
      const [end] = await Promise.allSettled([hosts.run(hostOf(request), () => send(request))])
      ends[index] = end
    }
  }
  const workerCount = Math.min(requests.length, limits.batch === 0 ? Infinity : limits.batch)
  await Promise.all(Array.from({ length: workerCount }, work))
  return ends
}

function hostOf({ url }: BatchRequest): string {
  const text = String(url)
  return URL.canParse(text) ? new URL(text).host : ''
}

/** At most so many at once for one host; the others wait their turn. */
class HostSlots {
  readonly #limit: number
  readonly #active = new Map<string, number>()
  readonly #waiting = new Map<string, (() => void)[]>()

  /** @param limit 0: any number */
  constructor(limit: number) {
    this.#limit = limit === 0 ? Infinity : limit
  }

  async run<T>(host: string, start: () => Promise<T>): Promise<T> {
    const activeCount = this.#active.get(host) ?? 0
    if (activeCount < this.#limit) this.#active.set(host, activeCount + 1)
    else await this.#turn(host)
    try {
      return await start()
    } finally {
      this.#pass(host)
    }
  }

  #turn(host: string): Promise<void> {
    return new Promise((resolve) => {
      const queue = this.#waiting.get(host) ?? []
      this.#waiting.set(host, queue)
      queue.push(resolve)
    })
  }

  /** Hands the slot on. */
  #pass(host: string): void {
    const turn = this.#waiting.get(host)?.shift()
    if (turn !== undefined) turn()
    else this.#active.set(host, (this.#active.get(host) ?? 1) - 1)
  }
}
