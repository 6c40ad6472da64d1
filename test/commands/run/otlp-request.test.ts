import { describe, expect, it } from 'vitest'
import { readOtlpUrl } from '../../../src/commands/run/otlp-request.ts'
import { UserError } from '../../../src/core/errors.ts'

function faultsOf(given: string, isVirtual = false): UserError {
  try {
    readOtlpUrl(given, isVirtual)
  } catch (error) {
    if (error instanceof UserError) return error
  }
  throw new Error(`no fault in ${given}`)
}

describe('--otlp', () => {
  it.each([
    ['http://127.0.0.1:4318', 'http://127.0.0.1:4318/v1/metrics'],
    ['http://127.0.0.1:4318/', 'http://127.0.0.1:4318/v1/metrics'],
    ['https://prometheus.example/api/v1/otlp/', 'https://prometheus.example/api/v1/otlp/v1/metrics'],
    ['http://collector:4318/v1/metrics', 'http://collector:4318/v1/metrics'],
    ['http://collector:4318/v1/metrics/', 'http://collector:4318/v1/metrics'],
  ])('%s is %s', (given, url) => {
    expect(readOtlpUrl(given, false)).toBe(url)
  })

  it('is not needed', () => {
    expect(readOtlpUrl(undefined, true)).toBeUndefined()
  })

  it.each(['', 'collector:4318', 'localhost', 'grpc://collector:4317', '/v1/metrics'])(
    'refuses %j',
    (given) => {
      const { exitCode, faults } = faultsOf(given)
      expect(exitCode).toBe(2)
      expect(faults).toMatchObject([{ where: '--otlp', what: 'is no http or https URL' }])
    },
  )

  it.each(['http://me:pass123@host', 'http://host/?key=pass123', 'http://host/#pass123'])(
    'refuses %s without repeating it',
    (given) => {
      const error = faultsOf(given)
      expect(error.message).toContain('OTEL_EXPORTER_OTLP_HEADERS')
      expect(error.message).not.toContain('pass123')
    },
  )

  it('refuses virtual time, and says all faults at once', () => {
    expect(faultsOf('http://host', true).faults).toHaveLength(1)
    expect(faultsOf('nonsense', true).faults).toHaveLength(2)
  })
})
