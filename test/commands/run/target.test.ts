import { describe, expect, it } from 'vitest'
import { parseMockConfig } from '../../../mock-server/config-schema.ts'
import {
  asksForTarget,
  capRpsOf,
  readTarget,
  targetVariable,
  type RunTarget,
} from '../../../src/commands/run/target.ts'

function targetOf(flag: string | undefined, scriptMock?: string): RunTarget {
  const { target, faults } = readTarget(flag, scriptMock)
  expect(faults).toEqual([])
  if (target === undefined) throw new Error('no target and no fault')
  return target
}

/** A mock of two resources, as a configuration file describes it. */
function twoResources(): RunTarget {
  const rules = [{ name: 'second', limit: 20, window: '1s' }]
  const { config } = parseMockConfig({
    resources: ['east', 'west'].map((name) => ({ name, profile: 'custom', rules })),
  })
  if (config === undefined) throw new Error('a bad config')
  return { kind: 'mock', config, givenConfig: config, shown: 'two' }
}

describe('a script that asks for no target', () => {
  it.each([
    ['http.get(`${__ENV.TARGET}/x`)', true],
    ["const base = __ENV['TARGET'] ?? 'http://localhost'", true],
    ["http.get('https://test.example/TARGETS')", false],
    ['http.get(__ENV.BASE_URL)', false],
  ])('%s: %s', (code, asks) => {
    expect(asksForTarget(code)).toBe(asks)
  })

  it('runs against the URLs that stand in it', () => {
    const { target, faults } = readTarget(undefined, undefined, false)
    expect(faults).toEqual([])
    expect(target).toMatchObject({ kind: 'remote', urls: [] })
    expect(readTarget(undefined, undefined, true).faults).toHaveLength(1)
    expect(readTarget('http://h', undefined, false).target).toMatchObject({ shown: 'http://h' })
  })
})

describe('readTarget', () => {
  it.each([
    ['http://h', 'http://h', 'http://h'],
    ['http://h/', 'http://h', 'http://h'],
    ['https://h:8443/base/', 'https://h:8443/base', 'https://h:8443/base/'],
    ['http://a, http://b/x', 'http://a,http://b/x', 'http://a,http://b/x'],
    ['http://[::1]:80/', 'http://[::1]', 'http://[::1]'],
  ])('%s: the script sees %s, people see %s', (flag, variable, shown) => {
    const target = targetOf(flag)
    expect(target.kind).toBe('remote')
    expect(targetVariable(target, undefined)).toBe(variable)
    expect(target.shown).toBe(shown)
  })

  it.each(['h', 'h:80', '/path', 'ftp://h', 'http://', '', 'http://a,,http://b'])('refuses "%s"', (flag) => {
    const { target, faults } = readTarget(flag, undefined)
    expect(target).toBeUndefined()
    expect(faults).toEqual([expect.objectContaining({ where: '--target' })])
  })

  it.each(['http://user@h', 'http://user:hush@h', 'http://h/?key=hush', 'http://h/#hush'])(
    'refuses what may hold a key, without showing it: %s',
    (flag) => {
      const { target, faults } = readTarget(flag, undefined)
      expect(target).toBeUndefined()
      expect(faults).toHaveLength(1)
      expect(JSON.stringify(faults)).not.toContain('hush')
    },
  )

  it('finds the fault of each of several', () => {
    expect(readTarget('a,http://b,c', undefined).faults).toHaveLength(2)
  })

  it('takes the script’s mock when there is no flag, and the flag when there are both', () => {
    expect(targetOf(undefined, 'custom,tps=5')).toMatchObject({ kind: 'mock', shown: 'mock:custom,tps=5' })
    expect(targetOf('mock:custom,tps=6', 'custom,tps=5').shown).toBe('mock:custom,tps=6')
    expect(targetOf('http://h', 'custom').kind).toBe('remote')
    expect(readTarget(undefined, undefined).faults).toHaveLength(1)
  })

  it('names the place of a bad mock', () => {
    expect(readTarget('mock:nowhere', undefined).faults[0]?.where).toBe('--target')
    expect(readTarget(undefined, 'nowhere').faults[0]?.where).toBe('options.ext.headroom.mock')
  })
})

describe('targetVariable', () => {
  it('is the mock’s address, or one path for each of its resources', () => {
    expect(targetVariable(targetOf('mock:custom'), 'http://m:1')).toBe('http://m:1')
    expect(targetVariable(twoResources(), 'http://m:1')).toBe('http://m:1/r/east,http://m:1/r/west')
  })
})

describe('capRpsOf', () => {
  it('is the mock’s own cap, or what the script says of a real service', () => {
    expect(capRpsOf(targetOf('mock:custom,tps=5'), 7)).toBe(5)
    expect(capRpsOf(twoResources(), undefined)).toBe(40)
    expect(capRpsOf(targetOf('mock:custom'), 7)).toBeUndefined()
    expect(capRpsOf(targetOf('http://h'), 7)).toBe(7)
    expect(capRpsOf(targetOf('http://h'), undefined)).toBeUndefined()
  })
})
