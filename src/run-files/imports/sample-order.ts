import TinyQueue from 'tinyqueue'
import { US_PER_S } from '../../core/units.ts'
import type { RequestSample } from './request-sample.ts'

/**
 * Tools write a request when it has ended, so one that began earlier may come so much later. The longest default timeout
 * of the tools is k6's minute; in what takes longer, only the numbers in flight are not exact.
 */
const LAG_US = 120 * US_PER_S

/** Requests that come by their ends, in the order of their starts; holds those of two minutes. */
export async function* inOrderOfStart(
  samples: AsyncIterable<RequestSample>,
): AsyncGenerator<RequestSample, void, undefined> {
  const queue = new TinyQueue<RequestSample>([], (a, b) => a.startUs - b.startUs)
  let latestEndUs = -Infinity
  for await (const sample of samples) {
    queue.push(sample)
    latestEndUs = Math.max(latestEndUs, sample.endUs)
    yield* takenUntil(queue, latestEndUs - LAG_US)
  }
  yield* takenUntil(queue, Infinity)
}

function* takenUntil(queue: TinyQueue<RequestSample>, limitUs: number): Generator<RequestSample> {
  for (let next = queue.peek(); next !== undefined && next.startUs < limitUs; next = queue.peek()) {
    queue.pop()
    yield next
  }
}

interface Head {
  readonly sample: RequestSample
  readonly source: AsyncIterator<RequestSample>
}

/** The requests of several machines, each in the order of their ends, as one. */
export async function* mergedByEnd(
  sources: readonly AsyncIterable<RequestSample>[],
): AsyncGenerator<RequestSample> {
  const heads = new TinyQueue<Head>([], (a, b) => a.sample.endUs - b.sample.endUs)
  const advance = async (source: AsyncIterator<RequestSample>): Promise<void> => {
    const next = await source.next()
    if (next.done !== true) heads.push({ sample: next.value, source })
  }
  for (const source of sources) await advance(source[Symbol.asyncIterator]())
  for (let head = heads.pop(); head !== undefined; head = heads.pop()) {
    yield head.sample
    await advance(head.source)
  }
}
