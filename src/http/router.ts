import { isIP, isIPv6, type LookupFunction } from 'node:net'
import type { ConnectionPlan } from '../core/connection-plan.ts'
import { AddressRanges } from './address-ranges.ts'
import { blacklisted, blockedName, type Failure, unusableProxy } from './errors.ts'
import { NameTable } from './name-table.ts'
import { type Proxy, type ProxyLookup, readProxy } from './proxy.ts'
import type { Resolver } from './resolver.ts'
import { bareHost, type Target } from './transport.ts'

/** Where a new connection goes. */
export interface Route {
  /** An address; a name when `lookup` has to find one. */
  readonly host: string
  readonly port: number
  readonly lookup: LookupFunction | undefined
  readonly proxy: Proxy | undefined
}

interface Endpoint {
  readonly hostname: string
  readonly port: number
}

/** An error of a socket that says itself how the request failed. */
export class ForbiddenError extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}

/**
 * Says for each server where to connect to, by k6's options `hosts`, `dns`, `blacklistIPs` and `blockHostnames`, in k6's
 * order: names are blocked before `hosts` is looked at; addresses after all else, wherever they come from.
 */
export class Router {
  readonly #blocked: NameTable<true>
  readonly #hosts: NameTable<Endpoint>
  readonly #blacklist: AddressRanges
  readonly #resolver: Resolver
  readonly #proxyFor: ProxyLookup

  constructor(plan: ConnectionPlan, resolver: Resolver, proxyFor: ProxyLookup) {
    this.#blocked = new NameTable(plan.blockHostnames.map((pattern) => [pattern, true]))
    this.#hosts = new NameTable(Object.entries(plan.hosts).map(([name, to]) => [name, readEndpoint(to)]))
    this.#blacklist = new AddressRanges(plan.blacklistIPs)
    this.#resolver = resolver
    this.#proxyFor = proxyFor
  }

  route(target: Target): Route | Failure {
    const name = bareHost(target.hostname)
    const blocked = isIP(name) === 0 ? this.#blocked.find(name) : undefined
    if (blocked !== undefined) return blockedName(name, blocked.pattern)
    const proxyUrl = this.#proxyFor(target)
    if (proxyUrl === '') return this.#routeTo({ hostname: name, port: target.port }, undefined)
    const proxy = readProxy(proxyUrl)
    return proxy === undefined ? unusableProxy(target) : this.#routeTo(proxy, proxy)
  }

  #routeTo(endpoint: Endpoint, proxy: Proxy | undefined): Route | Failure {
    const { hostname, port } = this.#override(endpoint)
    const address = isIP(hostname) === 0 ? this.#resolver.cached(hostname) : hostname
    if (address === undefined) return { host: hostname, port, lookup: this.#lookup, proxy }
    return this.#forbid(address) ?? { host: address, port, lookup: undefined, proxy }
  }

  #override(endpoint: Endpoint): Endpoint {
    const { hostname, port } = endpoint
    const found = this.#hosts.find(`${hostname}:${port}`) ?? this.#hosts.find(hostname)
    if (found === undefined) return endpoint
    const { value } = found
    return value.port === SAME_PORT ? { hostname: value.hostname, port } : value
  }

  readonly #lookup: LookupFunction = (hostname, _options, callback) => {
    this.#resolver.resolve(hostname, (error, address = '') => {
      const failure = error === null ? this.#forbid(address) : undefined
      const refusal = failure === undefined ? error : new ForbiddenError(failure)
      callback(refusal, address, isIP(address))
    })
  }

  #forbid(address: string): Failure | undefined {
    const range = this.#blacklist.find(address)
    return range === undefined ? undefined : blacklisted(address, range)
  }
}

/** The port of an override that names none. */
const SAME_PORT = 0

/** Reads an address, or an address and a port: `10.0.0.1:80`, `[::1]:80`. */
function readEndpoint(text: string): Endpoint {
  if (isIPv6(text)) return { hostname: text, port: SAME_PORT }
  const [, hostname = '', port = SAME_PORT] = /^(.*?)(?::(\d+))?$/.exec(text) ?? []
  return { hostname: bareHost(hostname), port: Number(port) }
}
