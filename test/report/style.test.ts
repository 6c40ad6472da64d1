import { PassThrough } from 'node:stream'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { stylerFor } from '../../src/report/style.ts'

const COLOUR_VARIABLES = ['NO_COLOR', 'NODE_DISABLE_COLORS', 'FORCE_COLOR', 'TERM', 'CI', 'COLORTERM']

describe('stylerFor', () => {
  afterEach(() => void vi.unstubAllEnvs())

  it('leaves text alone on a stream that is no terminal', () => {
    for (const variable of COLOUR_VARIABLES) vi.stubEnv(variable, undefined)
    expect(stylerFor(new PassThrough())('bad', 'FAIL')).toBe('FAIL')
  })

  it('colours when colour is forced', () => {
    for (const variable of COLOUR_VARIABLES) vi.stubEnv(variable, undefined)
    vi.stubEnv('FORCE_COLOR', '1')
    expect(stylerFor(new PassThrough())('bad', 'FAIL')).toBe('\u001B[31mFAIL\u001B[39m')
  })
})
