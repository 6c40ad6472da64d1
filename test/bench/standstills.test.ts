import { describe, expect, it } from 'vitest'
import { Standstills } from './standstills.ts'

/** Looks that far apart, in ms, with `turn` between two turns of the loop: whether each was blind. */
function blindAt(steps: readonly (number | 'turn')[]): boolean[] {
  const standstills = new Standstills()
  const blind: boolean[] = []
  let nowMs = 1_000
  standstills.look(nowMs)
  for (const step of steps) {
    if (step === 'turn') standstills.endTurn()
    else {
      standstills.look((nowMs += step))
      blind.push(standstills.isBlind)
    }
  }
  return blind
}

describe('Standstills', () => {
  it.each([
    { name: 'none', steps: [0.01, 0.09, 'turn', 0.05], blind: [false, false, false] },
    { name: 'one while a turn is worked off', steps: [0.01, 0.2, 0.01], blind: [false, true, true] },
    {
      name: 'one that reaches into the next turn',
      steps: [0.2, 'turn', 0.01, 'turn', 0.01],
      blind: [true, true, false],
    },
    {
      name: 'one after the other',
      steps: [0.2, 'turn', 5, 'turn', 0.01, 'turn', 0.01],
      blind: [true, true, true, false],
    },
  ] as const)('of $name', ({ steps, blind }) => {
    expect(blindAt(steps)).toEqual(blind)
  })

  it('begin with the first look', () => {
    const standstills = new Standstills()
    standstills.look(5_000)
    expect(standstills.isBlind).toBe(false)
  })
})
