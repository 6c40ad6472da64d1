import { describe, expect, it } from 'vitest'
import type { HttpPlan } from '../../src/script/plan.ts'
import { validateOptions } from '../../src/script/options.ts'

const DEFAULTS: HttpPlan = {
  throws: false,
  maxRedirects: 10,
  isMaxRedirectsGiven: false,
  batch: 20,
  batchPerHost: 6,
  noCookiesReset: false,
}

function read(options: Readonly<Record<string, unknown>>): HttpPlan | readonly string[] {
  const { plan, faults } = validateOptions({ vus: 1, duration: '1s', ...options }, { exports: ['default'] })
  return plan?.http ?? faults.map(({ where, what }) => `${where} ${what}`)
}

describe('options of k6/http', () => {
  it('are k6’s defaults when they are not given', () => {
    expect(read({})).toEqual(DEFAULTS)
  })

  it.each<readonly [Readonly<Record<string, unknown>>, Partial<HttpPlan>]>([
    [{ throw: true }, { throws: true }],
    [{ maxRedirects: 0 }, { maxRedirects: 0, isMaxRedirectsGiven: true }],
    [{ maxRedirects: 10 }, { isMaxRedirectsGiven: true }],
    [
      { batch: 3, batchPerHost: 0 },
      { batch: 3, batchPerHost: 0 },
    ],
    [{ noCookiesReset: true }, { noCookiesReset: true }],
  ])('%j', (options, expected) => {
    expect(read(options)).toEqual({ ...DEFAULTS, ...expected })
  })

  it.each([
    [{ throw: 'yes' }, 'options.throw must be true or false'],
    [{ maxRedirects: -1 }, 'options.maxRedirects must be a whole number of at least 0'],
    [{ batch: 1.5 }, 'options.batch must be a whole number of at least 0'],
    [{ batchPerHost: '6' }, 'options.batchPerHost must be a whole number of at least 0'],
    [{ noCookiesReset: 1 }, 'options.noCookiesReset must be true or false'],
  ])('%j is a fault', (options, fault) => {
    expect(read(options)).toEqual([expect.stringContaining(fault)])
  })
})
