import { lookup as lookupName } from 'node:dns'
import { isIPv4 } from 'node:net'
import type { DnsPlan, DnsPolicy } from '../core/connection-plan.ts'
import type { Rng } from '../core/rng.ts'

/** Finds all addresses of a name; never answers before it returns. */
export type LookupAll = (
  hostname: string,
  done: (error: Error | null, addresses: readonly string[]) => void,
) => void

/** @param address `undefined` when there is an error. */
type Resolved = (error: Error | null, address: string | undefined) => void

interface ResolverOptions {
  readonly plan: DnsPlan
  /** Of the choice among several addresses. */
  readonly rng: Rng
  /** A clock that never goes back. */
  readonly uptimeUs: () => number
  readonly lookup: LookupAll
}

/** The operating system's resolver, which knows the hosts file too. */
export const systemLookup: LookupAll = (hostname, done) => {
  lookupName(hostname, { all: true, verbatim: true }, (error, addresses) => {
    const found = error === null ? addresses.map(({ address }) => address) : []
    done(error, found)
  })
}

/** The addresses of one name. */
interface Entry {
  readonly addresses: readonly string[]
  readonly expiresAtUs: number
}

/** Gives each new connection one address of its host's name, as k6's option `dns` says. */
export class Resolver {
  readonly #options: ResolverOptions
  readonly #entries = new Map<string, Entry>()
  /** Who waits for which name: connections opened at once ask only once. */
  readonly #waiting = new Map<string, Resolved[]>()
  /** How many addresses of a name were given, for `roundRobin`. */
  readonly #givenCounts = new Map<string, number>()

  constructor(options: ResolverOptions) {
    this.#options = options
  }

  /** An address that needs no question; `undefined` when there is none. */
  cached(hostname: string): string | undefined {
    const entry = this.#entries.get(hostname)
    if (entry === undefined || this.#options.uptimeUs() >= entry.expiresAtUs) return undefined
    return this.#select(hostname, entry.addresses)
  }

  /** Asks for the name. Failures are not remembered. */
  resolve(hostname: string, done: Resolved): void {
    if (this.#options.plan.ttlUs === 0) return this.#ask(hostname, [done])
    const waiting = this.#waiting.get(hostname)
    if (waiting !== undefined) return void waiting.push(done)
    const those = [done]
    this.#waiting.set(hostname, those)
    this.#ask(hostname, those)
  }

  #ask(hostname: string, those: readonly Resolved[]): void {
    const { plan, lookup } = this.#options
    lookup(hostname, (error, found) => {
      this.#waiting.delete(hostname)
      const addresses = usable(found, plan.policy)
      const failure = error ?? (addresses.length === 0 ? notFound(hostname, plan.policy) : null)
      if (failure === null) this.#keep(hostname, addresses)
      for (const done of those) {
        done(failure, failure === null ? this.#select(hostname, addresses) : undefined)
      }
    })
  }

  #keep(hostname: string, addresses: readonly string[]): void {
    const { plan, uptimeUs } = this.#options
    this.#entries.set(hostname, { addresses, expiresAtUs: uptimeUs() + plan.ttlUs })
  }

  #select(hostname: string, addresses: readonly string[]): string | undefined {
    const { plan, rng } = this.#options
    if (plan.select === 'first') return addresses[0]
    if (plan.select === 'random') return addresses[rng.int(addresses.length)]
    return addresses[this.#nextTurn(hostname) % addresses.length]
  }

  #nextTurn(hostname: string): number {
    const givenCount = this.#givenCounts.get(hostname) ?? 0
    this.#givenCounts.set(hostname, givenCount + 1)
    return givenCount
  }
}

function usable(addresses: readonly string[], policy: DnsPolicy): readonly string[] {
  if (policy === 'any') return addresses
  const wanted = policy === 'preferIPv4' || policy === 'onlyIPv4'
  const those = addresses.filter((address) => isIPv4(address) === wanted)
  const isPreference = policy === 'preferIPv4' || policy === 'preferIPv6'
  return isPreference && those.length === 0 ? addresses : those
}

/** The name has addresses, but none of the wanted kind. */
function notFound(hostname: string, policy: DnsPolicy): Error {
  return Object.assign(new Error(`${hostname} has no address for the policy ${policy}`), {
    code: 'ENOTFOUND',
  })
}
