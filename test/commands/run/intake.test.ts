import { describe, expect, it } from 'vitest'
import { Intake } from '../../../src/commands/run/intake.ts'

function recorded(): { readonly trace: string[]; readonly intake: Intake } {
  const trace: string[] = []
  return { trace, intake: new Intake(() => trace.push('taken')) }
}

function* threeSteps(trace: string[], name: string): Generator<void, void> {
  trace.push(`${name}1`)
  yield
  trace.push(`${name}2`)
  yield
  trace.push(`${name}3`)
}

describe('the intake of a snapshot', () => {
  it('takes one step each time that there is room: that it has come was enough for one', () => {
    const { trace, intake } = recorded()
    intake.begin(threeSteps(trace, 'a'))
    expect(trace).toEqual([])
    intake.step()
    expect(trace).toEqual(['a1'])
    intake.step()
    expect(trace).toEqual(['a1', 'a2'])
    intake.step()
    expect(trace).toEqual(['a1', 'a2', 'a3', 'taken'])
  })

  it('has nothing to do when the last step was taken', () => {
    const { trace, intake } = recorded()
    intake.step()
    intake.begin(threeSteps(trace, 'a'))
    for (let step = 0; step < 5; step++) intake.step()
    intake.finish()
    expect(trace).toEqual(['a1', 'a2', 'a3', 'taken'])
  })

  it('takes all that is left when the run is over', () => {
    const { trace, intake } = recorded()
    intake.begin(threeSteps(trace, 'a'))
    intake.finish()
    expect(trace).toEqual(['a1', 'a2', 'a3', 'taken'])
  })

  it('takes a snapshot in wholly before the next', () => {
    const { trace, intake } = recorded()
    intake.begin(threeSteps(trace, 'a'))
    intake.begin(threeSteps(trace, 'b'))
    intake.finish()
    expect(trace).toEqual(['a1', 'a2', 'a3', 'taken', 'b1', 'b2', 'b3', 'taken'])
  })
})
