import { expect, test } from 'vitest'
import { listProfiles } from '../../mock-server/profiles/catalog.ts'
import { parseMockSpec } from '../../mock-server/spec.ts'

test('every number of every profile is listed with its source and mark', () => {
  expect(listProfiles().map(({ name, tier, limits, mark }) => [name, tier, limits, mark])).toEqual([
    ['personalizer-s0', 'S0', '50 requests per 1s (sliding-log)', 'assumed'],
    ['personalizer-s0', 'S0', '100 requests in flight', 'assumed'],
    ['personalizer-s0', 'S0', 'latency lognormal:20ms:80ms', 'assumed'],
    ['personalizer-f0', 'F0', '10 requests per 1s (sliding-log)', 'assumed'],
    ['personalizer-f0', 'F0', '20 requests in flight', 'assumed'],
    ['personalizer-f0', 'F0', 'latency lognormal:20ms:80ms', 'assumed'],
    ['custom', '', 'latency 0s', 'assumed'],
  ])
  expect(listProfiles().every(({ source, service }) => source !== '' && service !== '')).toBe(true)
})

test('every listed profile is a good spec', () => {
  for (const { name } of listProfiles()) expect(parseMockSpec(name).faults).toEqual([])
})
