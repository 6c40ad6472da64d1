import type { Rng } from '../../src/core/rng.ts'

/** Concurrent calls that one host serves; the least level is one host. Assumed, as are the other figures here. */
const CALLS_PER_HOST = 4
/** A mock without any cap has as many as the highest cap there is, of 200. */
const MAX_HOSTS = 50
/** A host that no call has reached for so long is given up. */
const IDLE_US = 600_000_000
/** Hosts that may start at the same time. */
const MAX_STARTING_COUNT = 10

/** What a call finds at the host that it is sent to; `starting` is another call's start, `crowded` too many of them. */
export type HostState = 'warm' | 'cold' | 'starting' | 'crowded'

interface Host {
  readyUs: number
  /** The latest call. */
  usedUs: number
}

const NEVER: Host = { readyUs: -Infinity, usedUs: -Infinity }

/**
 * The hosts behind one endpoint. As many are held as its highest concurrency needs, and calls are spread over all of them at
 * random: under little traffic most calls find a host that has gone cold. That an endpoint set too high has sporadic timeouts
 * and latency spikes is published (azure-docs machine-learning/studio/scaling-webservice.md); this model of it is inferred.
 */
export class Hosts {
  readonly #startUs: number
  readonly #rng: Rng
  #hosts: Host[] = []

  /** @param startUs how long a host takes to start. */
  constructor(startUs: number, rng: Rng) {
    this.#startUs = startUs
    this.#rng = rng
  }

  /** Sends a call to one of the hosts; a cold one starts for it. Calls come in order of `nowUs`. */
  send(maxConcurrentCalls: number, nowUs: number): HostState {
    const hostCount = Math.min(MAX_HOSTS, Math.ceil(maxConcurrentCalls / CALLS_PER_HOST))
    this.#resize(hostCount)
    const host = this.#hosts[this.#rng.int(hostCount)]!
    const isCold = nowUs - host.usedUs >= IDLE_US
    if (isCold && this.#startingCount(nowUs) >= MAX_STARTING_COUNT) return 'crowded'
    if (isCold) host.readyUs = nowUs + this.#startUs
    host.usedUs = nowUs
    if (isCold) return 'cold'
    return host.readyUs > nowUs ? 'starting' : 'warm'
  }

  #resize(hostCount: number): void {
    this.#hosts.length = Math.min(this.#hosts.length, hostCount)
    while (this.#hosts.length < hostCount) this.#hosts.push({ ...NEVER })
  }

  #startingCount(nowUs: number): number {
    return this.#hosts.filter(({ readyUs }) => readyUs > nowUs).length
  }
}
