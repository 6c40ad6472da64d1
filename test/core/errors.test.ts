import { describe, expect, test } from 'vitest'
import { EXIT, UserError, formatFault, winningExitCode, type ExitCode } from '../../src/core/errors.ts'

describe('winningExitCode', () => {
  test.each<[codes: ExitCode[], wins: ExitCode]>([
    [[], EXIT.pass],
    [[EXIT.pass], EXIT.pass],
    [[EXIT.thresholds, EXIT.pass], EXIT.thresholds],
    [[EXIT.thresholds, EXIT.invalidRun], EXIT.invalidRun],
    [[EXIT.invalidRun, EXIT.unreachable], EXIT.unreachable],
    [[EXIT.interrupted, EXIT.thresholds, EXIT.script], EXIT.script],
    [[EXIT.aborted, EXIT.thresholds], EXIT.aborted],
    [[EXIT.regression, EXIT.thresholds], EXIT.thresholds],
    [[EXIT.pass, EXIT.options], EXIT.options],
    [Object.values(EXIT), EXIT.internal],
  ])('of %j it is %d', (codes, wins) => {
    expect(winningExitCode(codes)).toBe(wins)
    expect(winningExitCode(codes.toReversed())).toBe(wins)
  })
})

describe('faults', () => {
  test('say where, what and, below, what to do', () => {
    expect(formatFault({ where: 'options.vus', what: 'must be whole', todo: 'write 10' })).toBe(
      'options.vus: must be whole\n  write 10',
    )
    expect(formatFault({ where: '', what: 'no script given' })).toBe('no script given')
  })

  test('are all in the message of a UserError', () => {
    const faults = [
      { where: 'a', what: 'is missing' },
      { where: 'b', what: 'is too long' },
    ]
    const error = new UserError(EXIT.options, faults)
    expect(error).toMatchObject({ message: 'a: is missing\nb: is too long', exitCode: 104, faults })
  })
})
