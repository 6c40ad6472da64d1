import { describe, expect, it } from 'vitest'
import { Secrets } from '../../../src/commands/run/secrets.ts'
import { Recorder } from '../../../src/measure/recorder.ts'
import { EXIT, UserError } from '../../../src/core/errors.ts'

describe('Secrets', () => {
  it.each([
    [['sesame-1'], 'open sesame-1, sesame-1!', 'open [redacted], [redacted]!'],
    // As it stands in a URL.
    [['se same/1'], '/?key=se%20same%2F1', '/?key=[redacted]'],
    // The longer one first, or its end would stay.
    [['sesame', 'sesame-2'], 'sesame-2', '[redacted]'],
    [['a.b*c(d'], 'a.b*c(d axbbc(d', '[redacted] axbbc(d'],
    // Too short to be told from other text.
    [['5m', 'first', ''], 'the first 5m', 'the first 5m'],
    [[], 'sesame', 'sesame'],
  ])('%j in "%s"', (values, text, shown) => {
    expect(new Secrets(values).hide(text)).toBe(shown)
  })

  it('hides them in every part of an error, its stack and that of its cause included', () => {
    const cause = new Error('no sesame-1')
    const fault = { where: 'sesame-1', what: 'is sesame-1', todo: 'not sesame-1' }
    const shown = new Secrets(['sesame-1']).hideIn(new UserError(EXIT.script, [fault], { cause }))
    expect(shown).toBeInstanceOf(UserError)
    const error = shown as UserError
    expect(error.exitCode).toBe(EXIT.script)
    expect(error.message).toBe('[redacted]: is [redacted]\n  not [redacted]')
    expect(error.stack).toContain('no [redacted]')
    expect(error.cause).toBeUndefined()
    expect(error.stack).not.toContain('sesame')
  })

  it('leaves errors alone when there is nothing to hide', () => {
    const error = new Error('as it is')
    expect(new Secrets([]).hideIn(error)).toBe(error)
  })
})

describe('a recorder that shows names without secrets', () => {
  it('hides them in request names, which then are one', () => {
    const recorder = new Recorder((name) => new Secrets(['sesame-1', 'sesame-2']).hide(name))
    expect(recorder.nameId('/?k=sesame-2')).toBe(recorder.nameId('/?k=sesame-1'))
    recorder.offered(0, 0)
    const { closed } = recorder.close(1_000_000)
    expect(closed[0]?.names.map(({ name }) => name)).toEqual(['/?k=[redacted]'])
  })
})
