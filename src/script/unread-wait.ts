import { registerWait, settled, type Claim } from './wait-frame.ts'

const PROMISE_METHODS: ReadonlySet<PropertyKey> = new Set(['then', 'catch', 'finally'])

type Callable = (...args: unknown[]) => unknown

/** Hears what becomes of a wait that was begun at the site `id`. */
export interface WaitListener {
  /** Somebody waits for it. */
  waitRead(id: number): void
  /** @throws {ScriptError} always: its result was used before it was there. */
  waitUsed(id: number): never
}

/**
 * A wait that nobody has waited for yet, as the traps of what stands for it: a promise that may be awaited, but not looked into.
 * One object with methods, not a closure for each: there is one for every iteration.
 */
export class UnreadWait implements ProxyHandler<Promise<unknown>>, Claim {
  readonly #id: number
  readonly #result: Promise<unknown>
  readonly #listener: WaitListener
  #isRead = false

  constructor(id: number, result: Promise<unknown>, listener: WaitListener) {
    this.#id = id
    this.#result = result
    this.#listener = listener
  }

  /** What the script gets. */
  makeStandIn(): object {
    const standIn = new Proxy(this.#result, this)
    registerWait(standIn, this)
    return standIn
  }

  claim(): Promise<unknown> {
    if (!this.#isRead) this.#listener.waitRead(this.#id)
    this.#isRead = true
    return this.#result
  }

  /**
   * To be called before it can fail with nobody waiting: that is the violation reported at the end of the iteration, not a
   * rejection that ends the process. And not before it must be: a stack shows the callers only while one await is all that
   * hangs on the promise.
   */
  silence(): void {
    if (!this.#isRead) this.#result.catch(() => {})
  }

  get(_target: Promise<unknown>, key: PropertyKey): unknown {
    if (!PROMISE_METHODS.has(key)) return this.#refuse()
    const promise = this.claim()
    return (...args: unknown[]): unknown => {
      const value = promise.then(settled)
      const method: Callable = Reflect.get(value, key)
      return Reflect.apply(method, value, args)
    }
  }

  has(): never {
    return this.#refuse()
  }

  ownKeys(): never {
    return this.#refuse()
  }

  set(): never {
    return this.#refuse()
  }

  getOwnPropertyDescriptor(): never {
    return this.#refuse()
  }

  #refuse(): never {
    return this.#listener.waitUsed(this.#id)
  }
}
