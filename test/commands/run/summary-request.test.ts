import { describe, expect, it } from 'vitest'
import { readSummaryRequest, type SummaryFlags } from '../../../src/commands/run/summary-request.ts'

describe('readSummaryRequest', () => {
  it.each<[SummaryFlags, Record<string, string>, object]>([
    [{}, {}, { mode: 'headroom', exportPath: undefined }],
    [{ summaryMode: 'k6' }, {}, { mode: 'compact' }],
    [{ summaryMode: 'Full' }, {}, { mode: 'full' }],
    [{ summaryMode: 'legacy' }, { K6_SUMMARY_MODE: 'full' }, { mode: 'legacy' }],
    [{}, { K6_SUMMARY_MODE: 'full' }, { mode: 'full' }],
    [{}, { K6_SUMMARY_MODE: '' }, { mode: 'headroom' }],
    [{ summary: false }, {}, { mode: 'disabled' }],
    [{}, { K6_NO_SUMMARY: 'true' }, { mode: 'disabled' }],
    [{}, { K6_NO_SUMMARY: 'false' }, { mode: 'headroom' }],
    [{ summaryExport: 'a.json' }, { K6_SUMMARY_EXPORT: 'b.json' }, { exportPath: 'a.json' }],
    [{}, { K6_SUMMARY_EXPORT: 'b.json' }, { exportPath: 'b.json' }],
    [{}, { K6_SUMMARY_EXPORT: '' }, { exportPath: undefined }],
  ])('%j with %j', (flags, env, expected) => {
    expect(readSummaryRequest(flags, env)).toMatchObject(expected)
  })

  it.each([
    [{ summaryMode: 'short' }, {}, '--summary-mode: there is no mode "short"'],
    [{}, { K6_SUMMARY_MODE: 'short' }, 'K6_SUMMARY_MODE: there is no mode "short"'],
  ])('refuses %j with %j', (flags, env, message) => {
    expect(() => readSummaryRequest(flags, env)).toThrow(message)
  })
})
