import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SecondListener, SecondTeller } from '../../../src/commands/run/told-seconds.ts'
import { Recorder } from '../../../src/measure/recorder.ts'
import type { RecorderSnapshot, SecondCell } from '../../../src/measure/snapshot.ts'

const SECOND = 1_000_000
const MS = 1_000

function send(recorder: Recorder, name: string, atUs: number): (tookUs: number) => void {
  const nameId = recorder.nameId(name)
  recorder.offered(nameId, atUs)
  recorder.sent(nameId, atUs, 1)
  return (tookUs) =>
    recorder.done(nameId, {
      outcome: 'accepted',
      plannedUs: atUs,
      sentUs: atUs,
      doneUs: atUs + tookUs,
      attempt: 1,
      retryAfterUs: undefined,
      sentBytes: 10,
      receivedBytes: 20,
      operation: undefined,
    })
}

/** Requests told from thread to thread, and all that happened, to be told to another recorder at once. */
class Load {
  nowUs = 0
  readonly #recorder = new Recorder()
  readonly #teller = new SecondTeller()
  readonly #listener = new SecondListener()
  readonly #closed: SecondCell[] = []
  readonly #events: ((recorder: Recorder) => void)[] = []
  #pending: { readonly endUs: number; readonly end: (recorder: Recorder) => void }[] = []

  pass(us: number): void {
    this.nowUs += us
    for (const { endUs, end } of this.#pending) if (endUs <= this.nowUs) this.#happen(end)
    this.#pending = this.#pending.filter(({ endUs }) => endUs > this.nowUs)
  }

  send(name: string, tookUs: number): void {
    const atUs = this.nowUs
    const ends = new Map<Recorder, (tookUs: number) => void>()
    this.#happen((recorder) => ends.set(recorder, send(recorder, name, atUs)))
    this.#pending.push({ endUs: atUs + tookUs, end: (recorder) => ends.get(recorder)?.(tookUs) })
  }

  /** All seconds closed so far, and those that are open. */
  hear(): Pick<RecorderSnapshot, 'closed' | 'open'> {
    const news = this.#teller.tell(this.#recorder.snapshot(this.nowUs, Infinity))
    // Nothing of one thread is seen in another.
    const { closed, open } = this.#listener.hear(structuredClone(news))
    this.#closed.push(...closed)
    return { closed: this.#closed, open }
  }

  replayed(): Recorder {
    const recorder = new Recorder()
    for (const event of this.#events) event(recorder)
    return recorder
  }

  #happen(event: (recorder: Recorder) => void): void {
    this.#events.push(event)
    event(this.#recorder)
  }
}

describe('SecondTeller', () => {
  it('tells a second in full when it is new or has changed, else by its number', () => {
    const recorder = new Recorder()
    const teller = new SecondTeller()
    const told = (nowUs: number): unknown[] => {
      const { closed, open } = teller.tell(recorder.snapshot(nowUs, Infinity))
      const short = (seconds: typeof open): unknown[] =>
        seconds.map((second) => (typeof second === 'number' ? second : `all of ${second.second}`))
      return [short(closed), short(open)]
    }
    const end = send(recorder, 'rank', 990 * MS)
    expect(told(SECOND)).toEqual([[], ['all of 0', 'all of 1']])
    end(20 * MS)
    expect(told(1.2 * SECOND)).toEqual([[], ['all of 0', 1]])
    expect(told(2 * SECOND)).toEqual([[0], [1, 'all of 2']])
    // What only holds a second open says nothing new.
    recorder.hold(1.9 * SECOND)
    expect(told(3 * SECOND)).toEqual([[], [1, 2, 'all of 3']])
    recorder.release(1.9 * SECOND)
    expect(told(4 * SECOND)).toEqual([
      [1, 2],
      [3, 'all of 4'],
    ])
  })
})

describe('SecondListener', () => {
  it('has after every snapshot what a recorder says that was never asked before', () => {
    const step = fc.record({
      passUs: fc.integer({ min: 0, max: 1_500 * MS }),
      tookUs: fc.integer({ min: 0, max: 2_500 * MS }),
      name: fc.constantFrom('rank', 'reward'),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const load = new Load()
        for (const { passUs, tookUs, name } of steps) {
          load.pass(passUs)
          load.send(name, tookUs)
          const { closed, open } = load.replayed().snapshot(load.nowUs, Infinity)
          expect(load.hear()).toEqual({ closed, open })
        }
        load.pass(10 * SECOND)
        expect(load.hear().closed).toEqual(load.replayed().snapshot(load.nowUs, Infinity).closed)
      }),
    )
  })

  it('refuses the number of a second that it has never heard of', () => {
    const hear = (): unknown => new SecondListener().hear({ closed: [7], open: [], namesOverflowed: false })
    expect(hear).toThrow('second 7 was never told')
  })
})
