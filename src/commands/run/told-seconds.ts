import type { RecorderSnapshot, SecondCell } from '../../measure/snapshot.ts'

/** A second, or only its number: it is as it was told last. */
type TellableSecond = SecondCell | number

/** What a recorder tells from snapshot to snapshot, without what the listener knows already. */
export interface RecorderNews {
  readonly closed: readonly TellableSecond[]
  readonly open: readonly TellableSecond[]
  readonly namesOverflowed: boolean
}

/**
 * The teller's side: most seconds are told when they end and closed a second later, with nothing between. To make all that is in
 * them cross the threads once more took as long as the first time, while requests were due.
 */
export class SecondTeller {
  readonly #told = new Map<number, SecondCell>()

  /** @param snapshot gives the same object for a second that has not changed. */
  tell({ closed, open, namesOverflowed }: RecorderSnapshot): RecorderNews {
    const news = {
      closed: closed.map((cell) => this.#tell(cell)),
      open: open.map((cell) => this.#tell(cell)),
      namesOverflowed,
    }
    for (const { second } of closed) this.#told.delete(second)
    return news
  }

  #tell(cell: SecondCell): TellableSecond {
    if (this.#told.get(cell.second) === cell) return cell.second
    this.#told.set(cell.second, cell)
    return cell
  }
}

/** The listener's side. */
export class SecondListener {
  readonly #told = new Map<number, SecondCell>()

  /** @throws TypeError when a second was never told. */
  hear({ closed, open, namesOverflowed }: RecorderNews): RecorderSnapshot {
    const snapshot = {
      closed: closed.map((second) => this.#hear(second)),
      open: open.map((second) => this.#hear(second)),
      namesOverflowed,
    }
    for (const { second } of snapshot.closed) this.#told.delete(second)
    return snapshot
  }

  #hear(second: TellableSecond): SecondCell {
    if (typeof second === 'number') return this.#known(second)
    this.#told.set(second.second, second)
    return second
  }

  #known(second: number): SecondCell {
    const cell = this.#told.get(second)
    if (cell === undefined) throw new TypeError(`second ${second} was never told`)
    return cell
  }
}
