import type { Connection } from './connection.ts'
import type { Target } from './transport.ts'

/** What the requests of one group to one server share: the connections that are idle, and the TLS session. */
export class Lane {
  readonly target: Target
  /** The last TLS session, so that the next handshake is a short one. */
  session: Buffer | undefined
  /** The one that became idle first is the first. */
  readonly #idle: Connection[] = []

  constructor(target: Target) {
    this.target = target
  }

  put(connection: Connection): void {
    this.#idle.push(connection)
  }

  /** The connection that became idle last, which the server is the least likely to be closing. */
  take(nowUs: number): Connection | undefined {
    for (let connection = this.#idle.pop(); connection !== undefined; connection = this.#idle.pop()) {
      if (!connection.isStale(nowUs)) return connection
      connection.close()
    }
    return undefined
  }

  remove(connection: Connection): void {
    const index = this.#idle.lastIndexOf(connection)
    if (index !== -1) this.#idle.splice(index, 1)
  }
}

/** All lanes. Requests share a connection only when protocol, authority and group are the same. */
export class Pool {
  readonly #plain = new Map<string, Map<number, Lane>>()
  readonly #secure = new Map<string, Map<number, Lane>>()

  lane(target: Target, group: number): Lane {
    const authorities = target.protocol === 'https:' ? this.#secure : this.#plain
    const groups = getOrAdd(authorities, target.authority, () => new Map<number, Lane>())
    return getOrAdd(groups, group, () => new Lane(target))
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
