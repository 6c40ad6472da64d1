import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CheckTally } from '../../src/measure/checks.ts'

const place = { scenario: 's', group: '' }

describe('CheckTally', () => {
  it('counts by scenario, group and name, and adds up by name', () => {
    const tally = new CheckTally()
    tally.add('a', true, place)
    tally.add('a', false, { ...place, group: '::g' })
    tally.add('b', true, { ...place, scenario: 't' })
    expect(tally.placed()).toEqual([
      { scenario: 's', group: '', name: 'a', passes: 1, fails: 0 },
      { scenario: 's', group: '::g', name: 'a', passes: 0, fails: 1 },
      { scenario: 't', group: '', name: 'b', passes: 1, fails: 0 },
    ])
    expect(tally.results()).toEqual([
      { name: 'a', passes: 1, fails: 1 },
      { name: 'b', passes: 1, fails: 0 },
    ])
  })

  it('adds up in order of first use, wherever that was', () => {
    const tally = new CheckTally()
    tally.add('first', true, place)
    tally.add('second', true, { ...place, scenario: 't' })
    tally.add('third', true, place)
    expect(tally.results().map(({ name }) => name)).toEqual(['first', 'second', 'third'])
  })

  it('tells each group once', () => {
    const tally = new CheckTally()
    tally.seeGroup('::a')
    expect(tally.takeNewGroups()).toEqual(['::a'])
    tally.seeGroup('::a')
    tally.seeGroup('::a::b')
    expect(tally.takeNewGroups()).toEqual(['::a::b'])
    expect(tally.groups()).toEqual(['::a', '::a::b'])
  })

  it('keeps every count, however often its delta is taken', () => {
    const event = fc.record({
      name: fc.constantFrom('a', 'b'),
      group: fc.constantFrom('', '::g', '::g::h'),
      scenario: fc.constantFrom('s', 't'),
      passed: fc.boolean(),
      isTaken: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const whole = new CheckTally()
        const worker = new CheckTally()
        const main = new CheckTally()
        const hand = (): void => main.merge(worker.takeDelta(), worker.takeNewGroups())
        for (const { name, passed, isTaken, ...where } of events) {
          for (const tally of [whole, worker]) {
            tally.add(name, passed, where)
            tally.seeGroup(where.group)
          }
          if (isTaken) hand()
        }
        hand()
        expect(main.placed()).toEqual(whole.placed())
        expect(main.groups()).toEqual(whole.groups())
        expect(worker.takeDelta()).toEqual([])
      }),
    )
  })
})
