import type { CheckResult } from './summary.ts'

/** Where a script checked something. */
interface CheckPlace {
  /** Empty in set-up and teardown. */
  readonly scenario: string
  /** As in the tag: `::outer::inner`, empty outside of groups. */
  readonly group: string
}

/** A check in one group of one scenario. */
export interface PlacedCheck extends CheckPlace, CheckResult {}

interface Tally extends CheckPlace {
  readonly name: string
  passes: number
  fails: number
}

/** Counts the script's checks by scenario, group and name, in order of first use. Merges by addition. */
export class CheckTally {
  readonly #tallies: Tally[] = []
  /** The same by scenario, group and name. */
  readonly #scenarios = new Map<string, Map<string, Map<string, Tally>>>()
  /** Every group that was entered, whether something was checked in it or not. */
  readonly #groups = new Set<string>()
  #newGroups: string[] = []

  add(name: string, passed: boolean, { scenario, group }: CheckPlace): void {
    const tally = this.#tally(scenario, group, name)
    if (passed) tally.passes++
    else tally.fails++
  }

  /** The script was in that group. */
  seeGroup(path: string): void {
    if (this.#groups.has(path)) return
    this.#groups.add(path)
    this.#newGroups.push(path)
  }

  merge(checks: readonly PlacedCheck[], groups: readonly string[] = []): void {
    for (const { scenario, group, name, passes, fails } of checks) {
      const tally = this.#tally(scenario, group, name)
      tally.passes += passes
      tally.fails += fails
    }
    for (const path of groups) this.seeGroup(path)
  }

  /** By name alone. */
  results(): CheckResult[] {
    const byName = new Map<string, CheckResult>()
    for (const { name, passes, fails } of this.#tallies) {
      const before = byName.get(name) ?? { passes: 0, fails: 0 }
      byName.set(name, { name, passes: before.passes + passes, fails: before.fails + fails })
    }
    return [...byName.values()]
  }

  placed(): PlacedCheck[] {
    return this.#tallies.map((tally) => ({ ...tally }))
  }

  groups(): string[] {
    return [...this.#groups]
  }

  /** The counts since the last call. */
  takeDelta(): PlacedCheck[] {
    const delta = this.placed().filter(({ passes, fails }) => passes + fails > 0)
    for (const tally of this.#tallies) {
      tally.passes = 0
      tally.fails = 0
    }
    return delta
  }

  /** The groups that came since the last call. */
  takeNewGroups(): string[] {
    const paths = this.#newGroups
    this.#newGroups = []
    return paths
  }

  #tally(scenario: string, group: string, name: string): Tally {
    const names = mapIn(mapIn(this.#scenarios, scenario), group)
    let tally = names.get(name)
    if (tally === undefined) {
      tally = { scenario, group, name, passes: 0, fails: 0 }
      names.set(name, tally)
      this.#tallies.push(tally)
    }
    return tally
  }
}

function mapIn<V>(maps: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let map = maps.get(key)
  if (map === undefined) {
    map = new Map()
    maps.set(key, map)
  }
  return map
}
