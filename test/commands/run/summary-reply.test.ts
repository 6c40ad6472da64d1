import { describe, expect, it } from 'vitest'
import { callHandleSummary, type SummaryReply } from '../../../src/commands/run/summary-reply.ts'
import { k6Summary } from '../../../src/report/k6-data.ts'
import { SETTINGS, smallRun } from '../../support/k6-facts.ts'

const DATA = k6Summary(smallRun({}), SETTINGS).data

function call(
  handle: (data: unknown) => unknown,
  setUpDataJson?: string,
  secretValues: readonly string[] = [],
): Promise<SummaryReply> {
  const engine = { setUpDataJson, handleSummary: async (data: unknown) => handle(data) }
  return callHandleSummary(engine, DATA, secretValues)
}

describe('callHandleSummary', () => {
  it('gives texts and bytes by where they go', async () => {
    const bytes = new TextEncoder().encode('bytes')
    const reply = await call(() => ({ stdout: 'text', 'a.bin': bytes.buffer, 'b.bin': bytes }))
    expect(reply).toEqual({
      outputs: [
        { to: 'stdout', content: 'text' },
        { to: 'a.bin', content: bytes },
        { to: 'b.bin', content: bytes },
      ],
      faults: [],
    })
  })

  it.each([undefined, null, {}])('takes %s for nothing to show', async (returned) => {
    expect(await call(() => returned)).toEqual({ outputs: [], faults: [] })
  })

  it('keeps what is right beside what is not', async () => {
    const { outputs, faults } = await call(() => ({ 'a.json': { no: 'text' }, 'b.json': 'text', stdout: 7 }))
    expect(outputs).toEqual([{ to: 'b.json', content: 'text' }])
    expect(faults).toEqual([
      'handleSummary() gave no text or ArrayBuffer for "a.json"',
      'handleSummary() gave no text or ArrayBuffer for "stdout"',
    ])
  })

  it.each([
    [() => 'text', 'must return an object'],
    [
      () => {
        throw new Error('out of order')
      },
      'out of order',
    ],
  ])('has failed with %s', async (handle, message) => {
    const { outputs, faults } = await call(handle)
    expect(outputs).toBeUndefined()
    expect(faults).toEqual([expect.stringContaining(message)])
  })

  it('hands on what set-up returned, without its secrets', async () => {
    const seen: unknown[] = []
    const setUp = { user: 'ann', token: 'abc', note: 'key-of-mine', ids: [1, 2] }
    await call((data) => void seen.push(data), JSON.stringify(setUp), ['key-of-mine'])
    await call((data) => void seen.push(data))
    expect(seen[0]).toMatchObject({
      root_group: DATA.root_group,
      setup_data: { user: 'ann', token: '[redacted]', note: '[redacted]', ids: [1, 2] },
    })
    expect(seen[1]).not.toHaveProperty('setup_data')
  })
})
