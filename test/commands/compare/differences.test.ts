import { describe, expect, it } from 'vitest'
import {
  assertComparable,
  differencesBetween,
  sentenceOf,
} from '../../../src/commands/compare/differences.ts'
import type { RunSetup, SideRun } from '../../../src/commands/compare/side-run.ts'
import { UserError } from '../../../src/core/errors.ts'
import { RUN } from '../../support/comparison-fixture.ts'

const OPTIONS = {
  scenarios: [{ name: 'main', rate: 80 }],
  headroom: { mock: 'custom,tps=60', seed: 1, warmupUs: 0, throttled: [503] },
}

function run(setup: Partial<RunSetup> = {}): SideRun {
  const alike: RunSetup = {
    scenario: 'rank',
    scriptSha256: 'a'.repeat(64),
    optionsSha256: 'b'.repeat(64),
    options: OPTIONS,
    targetKind: 'mock',
    time: 'real',
  }
  return {
    shown: RUN,
    setup: { ...alike, ...setup },
    exitCode: 0,
    reasons: [],
    lines: new Map(),
    reader: undefined,
  }
}

function told(...setups: readonly Partial<RunSetup>[]): string[] {
  return differencesBetween([run(), ...setups.map(run)]).map(sentenceOf)
}

/** Other options, with the hash that belongs to them. */
function withOptions(options: object): Partial<RunSetup> {
  return { options, optionsSha256: 'c'.repeat(64) }
}

describe('differencesBetween', () => {
  it('runs of the same thing has none', () => {
    expect(told({}, {})).toEqual([])
    expect(differencesBetween([])).toEqual([])
  })

  it.each<[string, Partial<RunSetup>, readonly string[]]>([
    ['the scenario', { scenario: 'reward' }, ['scenario: rank against reward']],
    ['the script', { scriptSha256: 'd'.repeat(64) }, ['script sha256: aaaaaaaaaaaa against dddddddddddd']],
    ['the kind of target', { targetKind: 'remote' }, ['target: mock against remote']],
    ['the kind of time', { time: 'virtual' }, ['time: real against virtual']],
    [
      'options, by their paths',
      withOptions({ ...OPTIONS, scenarios: [{ name: 'main', rate: 100, exec: 'x' }] }),
      ['options: scenarios.main.rate 80 against 100, scenarios.main.exec nothing against "x"'],
    ],
    [
      'items of a list without names, by their places',
      withOptions({ ...OPTIONS, headroom: { ...OPTIONS.headroom, throttled: [] } }),
      ['options: headroom.throttled.0 503 against nothing'],
    ],
    [
      'options of which only the hash is known',
      { options: undefined, optionsSha256: 'c'.repeat(64) },
      ['options sha256: bbbbbbbbbbbb against cccccccccccc'],
    ],
  ])('sees %s', (_what, setup, sentences) => {
    expect(told(setup)).toEqual(sentences)
    expect(told(setup, setup)).toEqual(sentences)
  })

  it('does not name mock and seed, which their hash leaves out', () => {
    const other = { ...OPTIONS, rate: 1, headroom: { ...OPTIONS.headroom, mock: { a: 1 }, seed: 7 } }
    expect(told(withOptions(other))).toEqual(['options: rate nothing against 1'])
  })

  it('tells by the hash what stands in no option', () => {
    expect(told({ optionsSha256: 'c'.repeat(64) })).toEqual([
      'options sha256: bbbbbbbbbbbb against cccccccccccc',
    ])
  })

  it('takes no import for another thing because it was read from other files', () => {
    const imported = (name: string, throttled: number): Partial<RunSetup> => ({
      options: { importedFrom: 'k6-csv', files: [{ name, sha256: name }], throttled: [throttled] },
      optionsSha256: name.repeat(64),
    })
    const toldOf = (...setups: readonly Partial<RunSetup>[]): string[] =>
      differencesBetween(setups.map(run)).map(sentenceOf)
    expect(toldOf(imported('d', 429), imported('e', 429))).toEqual([])
    expect(toldOf(imported('d', 429), imported('e', 503))).toEqual(['options: throttled.0 429 against 503'])
  })

  it('takes what a file does not say for no difference', () => {
    expect(
      told({ scriptSha256: '', optionsSha256: '', options: undefined, targetKind: '', time: '' }),
    ).toEqual([])
  })

  it('keeps long lists short', () => {
    const many = Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`k${i}`, 'x'.repeat(60)]))
    const [sentence = ''] = told(withOptions({ ...OPTIONS, ...many }))
    expect(sentence).toMatch(/, 4 more$/)
    expect(sentence.length).toBeLessThan(1_000)
  })
})

describe('assertComparable', () => {
  const differences = differencesBetween([run(), run({ scenario: 'reward', targetKind: 'remote' })])

  it('tells all that is not allowed at once', () => {
    const check = (): void => assertComparable(differences, [])
    expect(check).toThrow(UserError)
    expect(check).toThrow(/scenario: rank against reward\n.*--allow script\.\ntarget: .*\n.*--allow target\./)
  })

  it('lets pass what is allowed', () => {
    expect(() => assertComparable(differences, ['script'])).toThrow(/^target: /)
    expect(() => assertComparable(differences, ['script', 'target'])).not.toThrow()
  })
})
