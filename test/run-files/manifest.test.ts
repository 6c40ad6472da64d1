import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { manifestJson } from '../../src/run-files/manifest.ts'
import { publicTarget } from '../../src/run-files/redact.ts'
import type { RunFacts } from '../../src/run-files/run-facts.ts'
import { END, FACTS } from '../support/summary-fixture.ts'

function manifest(facts: Partial<RunFacts>, end: typeof END | undefined = END): Record<string, unknown> {
  return JSON.parse(manifestJson({ ...FACTS, ...facts }, end, [])) as Record<string, unknown>
}

describe('manifestJson', () => {
  it('says who, what, where and when', () => {
    const files = [{ name: 'summary.csv', sizeBytes: 12, sha256: 'f'.repeat(64) }]
    expect(JSON.parse(manifestJson(FACTS, END, files))).toEqual({
      schemaVersion: 1,
      runId: FACTS.runId,
      scenario: 'personalizer-rank-reward',
      time: 'real',
      epoch: '2026-11-21T02:17:00.000Z',
      wallStartedAt: '2026-11-21T02:17:00.000Z',
      wallFinishedAt: '2026-11-21T02:22:01.000Z',
      exitCode: 99,
      tool: { name: 'headroom', version: '0.1.0' },
      machine: {
        host: 'runner-7',
        os: 'linux 6.1 x64',
        cpuModel: 'Example CPU',
        cpuCount: 2,
        nodeVersion: 'v20.19.0',
      },
      source: { commit: 'c0ffee1', branch: 'main' },
      script: { path: 'scenarios/personalizer-rank-reward.ts', sha256: 'a'.repeat(64) },
      seed: 1,
      target: { kind: 'mock', address: 'mock:personalizer-s0,tps=60' },
      envNames: [],
      optionsSha256: 'b'.repeat(64),
      options: FACTS.options,
      mock: { config: { profile: 'personalizer-s0', tps: 60 }, counters: END.mockCounters },
      files,
    })
  })

  it('leaves open at the start what only the end knows', () => {
    const started = JSON.parse(manifestJson(FACTS, undefined, [])) as Record<string, unknown>
    expect(started).toMatchObject({ wallFinishedAt: null, exitCode: null, mock: { counters: null } })
  })

  it('has no mock section without a mock', () => {
    expect(manifest({ targetKind: 'remote', target: 'https://api.example' })['mock']).toBeNull()
  })

  it('blanks out secrets by name and keeps numbers', () => {
    const { options } = manifest({
      options: {
        headers: {
          'Ocp-Apim-Subscription-Key': 's3cret',
          Authorization: 'Bearer s3cret',
          Accept: 'text/plain',
        },
        tlsAuth: [{ cert: 'public', key: 's3cret', password: 's3cret', domains: ['api.example'] }],
        scenarios: { rank: { rate: 5, env: { API_KEY: 's3cret', STAGE: 's3cret' } } },
        secrets: { nested: ['s3cret', { deep: 's3cret', count: 3 }] },
        tokens: 1_000,
        auth: 'Basic s3cret',
        batch: null,
      },
    })
    expect(options).toEqual({
      headers: {
        'Ocp-Apim-Subscription-Key': '[redacted]',
        Authorization: '[redacted]',
        Accept: 'text/plain',
      },
      tlsAuth: [{ cert: 'public', key: '[redacted]', password: '[redacted]', domains: ['api.example'] }],
      scenarios: { rank: { rate: 5, env: { API_KEY: '[redacted]', STAGE: '[redacted]' } } },
      secrets: { nested: ['[redacted]', { deep: '[redacted]', count: 3 }] },
      tokens: 1_000,
      auth: '[redacted]',
      batch: null,
    })
  })

  it('never holds a value given with -e, wherever the script put it', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9]{12,40}$/)
    fc.assert(
      fc.property(secret, fc.constantFrom('', 'prefix-'), (value, prefix) => {
        const placed = prefix + value
        const text = manifestJson(
          {
            ...FACTS,
            envNames: ['VALUE'],
            envValues: [value],
            options: { tags: { team: placed }, list: [placed], deep: { userAgent: placed } },
            mockConfig: { note: placed },
          },
          { ...END, mockCounters: { note: placed } },
          [],
        )
        expect(text).toContain('"VALUE"')
        expect(text).not.toContain(value)
      }),
    )
  })

  it('compares short values of -e whole', () => {
    const { options } = manifest({
      envValues: ['', '5m'],
      options: { duration: '5m', name: '25mm', empty: '' },
    })
    expect(options).toEqual({ duration: '[redacted]', name: '25mm', empty: '' })
  })
})

describe('publicTarget', () => {
  it.each([
    ['https://api.example:8443/base', 'https://api.example:8443/base'],
    ['https://user:p%40ss@api.example/base', 'https://api.example/base'],
    ['https://user:a,b@api.example', 'https://api.example'],
    ['https://api.example/x?key=a,b&c=d#frag', 'https://api.example/x'],
    ['https://u:p@one.example?k=1,https://u:p@two.example/?k=2', 'https://one.example,https://two.example/'],
    ['http://one.example,HTTP://u:p@two.example', 'http://one.example,HTTP://two.example'],
    ['mock:personalizer-s0,tps=60', 'mock:personalizer-s0,tps=60'],
  ])('of %s is %s', (target, shown) => {
    expect(publicTarget(target)).toBe(shown)
  })
})
