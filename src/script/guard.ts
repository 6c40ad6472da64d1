import type { Fault } from '../core/errors.ts'
import { ScriptError } from './script-error.ts'
import { formatPosition } from './script-bundle.ts'
import type { SourcePosition, WaitSite } from './script-bundle.ts'
import { isWaiting, supportedModules } from './supported.ts'
import { UnreadWait, type WaitListener } from './unread-wait.ts'
import { claimWait, type WaitFrame } from './wait-frame.ts'

/** More candidates than this are no help in a message. */
const MAX_CANDIDATES = 5

type Callable = (...args: unknown[]) => unknown

/**
 * Watches one VU for waits that were not waited for. A VU does one thing at a time, so a second wait during the first,
 * an iteration that ends during one, or a look into a result that is still pending means that the script runs in
 * another order than on k6. The first such violation sticks: a `try … catch` of the script cannot hide it.
 *
 * The functions that wait call `enter` synchronously, and `leave` when the wait is over unless `enter` threw.
 */
export class WaitGuard implements WaitListener {
  readonly #sites: readonly WaitSite[]
  readonly #locate: (error: unknown) => SourcePosition | undefined
  readonly #escaped = new WeakMap<object, object>()
  /** The sites of results that nothing has awaited yet, in the order in which they came. */
  readonly #unread: number[] = []
  #waiting: string | undefined
  /** To be called when the wait under way is over. */
  #onceFree: (() => void)[] | undefined
  #violation: ScriptError | undefined

  /** @param locate finds the script's own position in a stack, e.g. `Positions.locate` */
  constructor(sites: readonly WaitSite[], locate: (error: unknown) => SourcePosition | undefined) {
    this.#sites = sites
    this.#locate = locate
  }

  /** @throws {ScriptError} when a wait is under way, or when there was a violation before */
  enter(what: string): void {
    if (this.#waiting !== undefined || this.#violation !== undefined) throw this.#secondWait(what)
    this.#waiting = what
  }

  leave(): void {
    this.#waiting = undefined
    if (this.#onceFree !== undefined) this.#callOnceFree(this.#onceFree)
  }

  /** Whether the VU waits inside one of the functions that wait. */
  get isWaiting(): boolean {
    return this.#waiting !== undefined
  }

  /** Calls `run` once, when the wait under way is over, right before the script goes on. */
  onceFree(run: () => void): void {
    this.#onceFree ??= []
    this.#onceFree.push(run)
  }

  /**
   * Passes on the result of a call that could not be awaited; a promise may be awaited, but not looked into.
   *
   * @param frame the call, where it is one of the script's own functions
   */
  site(id: number, result: unknown, frame?: WaitFrame): unknown {
    const pending = claimWait(result) ?? result
    if (!isPromise(pending)) return pending
    this.#unread.push(id)
    return this.#watch(id, pending, frame)
  }

  /**
   * A stand-in for a waiting function that is used as a value, or for a module with such functions: the same, but the
   * results are watched as by `site`.
   */
  escape<T extends object>(id: number, value: T): T {
    const known = this.#escaped.get(value) ?? this.#standIn(id, value)
    this.#escaped.set(value, known)
    return known as T
  }

  #standIn(id: number, value: object): object {
    if (!isCallable(value)) return this.#moduleStandIn(id, value)
    return new Proxy(value, {
      apply: (target, thisArgument, args) => this.site(id, Reflect.apply(target, thisArgument, args)),
    })
  }

  #moduleStandIn(id: number, module: object): object {
    const entries = Object.entries(module).map(([name, value]: [string, unknown]) => {
      const waits = supportedModules().some((each) => isWaiting(each, name))
      return [name, waits && isCallable(value) ? this.escape(id, value) : value]
    })
    return Object.fromEntries(entries) as object
  }

  /** To be called after every iteration that ran to its end: the first violation up to here, if there was one. */
  finishIteration(): ScriptError | undefined {
    if (this.#violation) return this.#violation
    if (this.#waiting !== undefined) return this.#record(this.#unfinished(this.#waiting))
    const [unread] = this.#unread
    return unread === undefined
      ? undefined
      : this.#record(this.#siteFault(unread, 'its result was never awaited'))
  }

  #callOnceFree(runs: readonly (() => void)[]): void {
    this.#onceFree = undefined
    for (const run of runs) run()
  }

  #watch(id: number, result: Promise<unknown>, frame: WaitFrame | undefined): object {
    const wait = new UnreadWait(id, result, this)
    // Where nothing says beforehand that it fails, it is looked at once all promises of this turn have run.
    if (frame === undefined) process.nextTick(() => wait.silence())
    else frame.unread = wait
    return wait.makeStandIn()
  }

  waitUsed(id: number): never {
    throw this.#record(this.#siteFault(id, 'its result was used before it was there'))
  }

  waitRead(id: number): void {
    const index = this.#unread.lastIndexOf(id)
    if (index === this.#unread.length - 1) this.#unread.pop()
    else this.#unread.splice(index, 1)
  }

  #record(fault: Fault): ScriptError {
    this.#violation ??= new ScriptError(fault)
    return this.#violation
  }

  #secondWait(what: string): ScriptError {
    if (this.#violation) return this.#violation
    const happened = `${what} was called while ${this.#waiting} was still waiting`
    const [unread] = this.#unread
    if (unread !== undefined) return this.#record(this.#siteFault(unread, happened))
    const position = this.#locate(new Error(happened))
    return this.#record({
      where: position ? formatPosition(position) : '',
      what: `${happened}; a VU does one thing at a time`,
      todo: `await each call before the next one.${this.#candidates()}`,
    })
  }

  #unfinished(what: string): Fault {
    const happened = `the iteration ended while ${what} was still waiting`
    const [unread] = this.#unread
    if (unread !== undefined) return this.#siteFault(unread, happened)
    return { where: '', what: happened, todo: `await the call that it is part of.${this.#candidates()}` }
  }

  #siteFault(id: number, happened: string): Fault {
    const site = this.#sites[id]
    if (site === undefined) throw new RangeError(`the script has no wait site ${id}`)
    return {
      where: formatPosition(site),
      what: `${site.what} is ${site.why}, where nothing waits for it: ${happened}`,
      todo: site.rewrite,
    }
  }

  /** The places where it may have come from, when the violation itself does not say. */
  #candidates(): string {
    const calls = this.#sites.filter(({ kind }) => kind === 'call')
    const shown = calls.slice(0, MAX_CANDIDATES)
    const places = shown.map((site) => `${formatPosition(site)} (${site.what} ${site.why})`)
    const rest = calls.length - shown.length
    if (places.length === 0) return ''
    return ` Likely: ${places.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
  }
}

function isCallable(value: unknown): value is Callable {
  return typeof value === 'function'
}

function isPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise
}
