import { z } from 'zod'
import type { Fault } from '../src/core/errors.ts'
import { DEFAULT_DECISIONS_KEPT_COUNT, type MockConfig, type ResourceConfig } from './config.ts'
import { faultsInUnits } from './limits-schema.ts'
import { repeatedNames } from './repeated-names.ts'
import { readResource, type ReadResource } from './resource-schema.ts'
import { closedObject, defined } from './schema.ts'
import type { SharedBackendConfig } from './shared-backend.ts'
import { readSound, type Sound } from './sound.ts'
import { backendField, managerField } from './topology-schema.ts'
import { faultsInManager, managerOf, type ManagerSettings } from './traffic/settings.ts'

/** A configuration, or everything that is wrong with it: exactly one of the two is there. */
export interface ParsedMock {
  readonly config?: MockConfig
  readonly faults: readonly Fault[]
}

/** Its resources and backends are read one by one, so that a fault in one hides none in another. */
const mock = closedObject({
  resources: z.array(z.unknown()).min(1),
  backends: z.array(z.unknown()).optional(),
  manager: z.unknown().optional(),
  decisions: z.number().int().min(0).max(1_000_000).default(DEFAULT_DECISIONS_KEPT_COUNT),
})

/**
 * Reads the JSON form of a mock, several resources with several rules each:
 * `{"resources":[{"name":"east","profile":"personalizer-s0","rules":[{"name":"second","limit":50,"window":"1s"}],
 * "concurrency":64,"latency":"lognormal:20ms:80ms","workers":8,"backlog":100,"faults":["reset:0.01"]}]}`. What a resource leaves out is its profile's;
 * `"concurrency":null` and `"rules":[]` take limits away. `"instances":4` makes four of a resource, `NAME-1` and so on;
 * `"backend":"search"` puts it in front of one of the `backends`; a `manager` balances `/` over all resources.
 *
 * @param where what to call the object in faults.
 */
export function parseMockConfig(json: unknown, where = 'config'): ParsedMock {
  const { value: whole, faults: wholeFaults } = readSound(mock, json, where)
  if (whole === undefined) return { faults: wholeFaults }
  const parts = readParts(whole, where)
  const faults = [...wholeFaults, ...faultsWithin(parts), ...faultsBetween(parts, where)]
  if (faults.length > 0) return { faults }
  const resources = instancesOf(parts)
  const settings = parts.manager?.value
  const topology = defined({
    backends: whole.backends && backendsOf(parts),
    manager: settings && managerOf(settings, resources.length),
  })
  return { config: { resources, ...topology, decisionsKeptCount: whole.decisions }, faults }
}

function readParts({ resources, backends = [], manager }: z.infer<typeof mock>, where: string): Parts {
  return {
    resources: resources.map((one, index) => readResource(one, `${where}.resources[${index}]`)),
    backends: backends.map((one, index) => readBackend(one, `${where}.backends[${index}]`)),
    ...(manager !== undefined && { manager: readSound(managerField, manager, `${where}.manager`) }),
  }
}

function faultsWithin({ resources, backends, manager }: Parts): Fault[] {
  return [...resources, ...backends, ...(manager === undefined ? [] : [manager])].flatMap(
    ({ faults }) => faults,
  )
}

/** Everything that has been read of a mock, sound or not. */
interface Parts {
  readonly resources: readonly ReadResource[]
  readonly backends: readonly Sound<SharedBackendConfig>[]
  readonly manager?: Sound<ManagerSettings>
}

function instancesOf({ resources }: Parts): ResourceConfig[] {
  return resources.flatMap(({ instances }) => instances)
}

function backendsOf({ backends }: Parts): SharedBackendConfig[] {
  return backends.flatMap(({ value }) => (value === undefined ? [] : [value]))
}

function readBackend(json: unknown, where: string): Sound<SharedBackendConfig> {
  const read = readSound(backendField, json, where)
  const { rules } = read.value ?? { rules: [] }
  const further = [
    ...repeatedNames(rules, `${where}.rules`),
    ...faultsInUnits(rules, 'custom', `${where}.rules`),
  ]
  return { ...read, faults: [...read.faults, ...further] }
}

/** What does not go together in what is sound. */
function faultsBetween(parts: Parts, where: string): Fault[] {
  return [
    ...repeatedNames(instancesOf(parts), `${where}.resources`),
    ...repeatedNames(backendsOf(parts), `${where}.backends`),
    ...faultsInLinks(parts, where),
    ...faultsInScaling(parts, `${where}.manager`),
  ]
}

/** Backends that are asked for and are not there. */
function faultsInLinks(parts: Parts, where: string): Fault[] {
  if (parts.backends.some(({ value }) => value === undefined)) return []
  const names = backendsOf(parts).map(({ name }) => name)
  const known = names.length === 0 ? 'there are none' : `there are ${names.join(', ')}`
  return parts.resources.flatMap(({ instances: [first] }, index) =>
    first?.backend === undefined || names.includes(first.backend)
      ? []
      : [{ where: `${where}.resources[${index}].backend`, what: `no such backend; ${known}` }],
  )
}

function faultsInScaling(parts: Parts, where: string): Fault[] {
  const { value: settings, unsound } = parts.manager ?? {}
  // A count or trigger that cannot be read is a fault already.
  if (settings === undefined || unsound?.has('instances') === true || unsound?.has('scaleOn') === true)
    return []
  const isCounted = parts.resources.every((resource) => resource.isCounted)
  const count = isCounted ? instancesOf(parts).length : Infinity
  return faultsInManager(settings, count).map(({ key, what }) => ({ where: `${where}.${key}`, what }))
}
