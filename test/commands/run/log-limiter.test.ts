import { describe, expect, it } from 'vitest'
import { LogLimiter } from '../../../src/commands/run/log-limiter.ts'

function limiter(): { readonly log: LogLimiter; readonly lines: readonly string[] } {
  const lines: string[] = []
  return { log: new LogLimiter((text) => lines.push(text)), lines }
}

describe('LogLimiter', () => {
  it('passes each line on once, and counts the others', () => {
    const { log, lines } = limiter()
    for (const text of ['a', 'b', 'a', 'a']) log.add(text)
    expect(lines).toEqual(['a', 'b'])
    expect(log.summary()).toEqual([expect.stringMatching(/^2 further messages/)])
  })

  it('has nothing to say when every line was shown', () => {
    const { log } = limiter()
    log.add('a')
    expect(log.summary()).toEqual([])
  })

  it('stops at 20 different lines; one of them that comes again is counted once', () => {
    const { log, lines } = limiter()
    for (let i = 0; i < 1_000; i++) log.add(`line ${i}`)
    log.add('line 0')
    log.add('line 999')
    expect(lines).toHaveLength(20)
    expect(lines.at(-1)).toBe('line 19')
    expect(log.summary()).toEqual([expect.stringMatching(/^982 further messages/)])
  })

  it('shows every line that the script writes, the same one again too', () => {
    const { log, lines } = limiter()
    for (const text of ['a', 'b', 'a', 'a']) log.addConsole(text, 10)
    expect(lines).toEqual(['a', 'b', 'a', 'a'])
    expect(log.summary()).toEqual([])
  })

  it('shows 100 lines of the script in a second', () => {
    const { log, lines } = limiter()
    for (let i = 0; i < 150; i++) log.addConsole(`line ${i}`, 1_000 + i)
    expect(lines).toHaveLength(100)
    log.addConsole('next second', 2_000)
    expect(lines.at(-1)).toBe('next second')
    expect(log.summary()).toEqual([expect.stringMatching(/^50 lines of the script/)])
  })
})
