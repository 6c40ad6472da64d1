import { parseMockSpec } from '../../../mock-server/spec.ts'
import type { Times } from '../../../mock-server/times.ts'
import { MockChild } from '../run/mock-child.ts'
import { CountingRelay } from './counting-relay.ts'
import type { Truth } from './observation.ts'

/** More decisions than any case makes. */
const KEPT_COUNT = 100_000

const SEED = 1

/** A mock that remembers every request, and what it will swear to. */
export class Witness {
  readonly #mock: MockChild
  readonly #relay: CountingRelay | undefined

  private constructor(mock: MockChild, relay: CountingRelay | undefined) {
    this.#mock = mock
    this.#relay = relay
  }

  /** @param spec as `parseMockSpec` reads it. */
  static async start(spec: string, countsBytes: boolean): Promise<Witness> {
    const { config } = parseMockSpec(spec)
    if (config === undefined) throw new Error(`not a mock: ${spec}`)
    const mock = await MockChild.start(
      { ...config, decisionsKeptCount: KEPT_COUNT, notesLateness: true },
      SEED,
    )
    return new Witness(mock, countsBytes ? await CountingRelay.start(mock.url) : undefined)
  }

  /** Where requests go. */
  get url(): string {
    return this.#relay?.url ?? this.#mock.url
  }

  /** What came after so many requests; ask when everything has been answered. */
  async truth(skipCount: number): Promise<Truth> {
    const reply = await fetch(`${this.#mock.url}/__mock/times?skip=${skipCount}`)
    const times = (await reply.json()) as Times
    if (times.keptCount === KEPT_COUNT) throw new Error('the mock has forgotten some of its decisions')
    const wire = this.#relay?.bytes
    return { ...times, ...(wire !== undefined && { wire }) }
  }

  async stop(): Promise<void> {
    this.#relay?.close()
    await this.#mock.stop()
  }
}
