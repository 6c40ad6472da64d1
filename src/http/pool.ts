import type { Connection } from './connection.ts'
import type { Target } from './transport.ts'

/** What the requests of one group to one server share: the connections that are idle, and the TLS session. */
export class Lane {
  readonly target: Target
  /** The last TLS session, so that the next handshake is a short one. */
  session: Buffer | undefined
  /** The one that became idle first is the first. */
  readonly #idle: Connection[] = []
  #generation = 0

  constructor(target: Target) {
    this.target = target
  }

  /** How often the connections of this lane were given up. */
  get generation(): number {
    return this.#generation
  }

  /** Takes an idle connection back; one of an earlier generation is closed. */
  put(connection: Connection): void {
    if (connection.generation === this.#generation) this.#idle.push(connection)
    else connection.close()
  }

  /** Gives up all connections: those that are idle now, the others as soon as they are. */
  giveUp(): void {
    this.#generation++
    // Closing removes from the list.
    for (const connection of this.#idle.slice()) connection.close()
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

  /** All lanes of a group. */
  lanesOf(group: number): readonly Lane[] {
    const groups = [...this.#plain.values(), ...this.#secure.values()]
    return groups.flatMap((lanes) => lanes.get(group) ?? [])
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
