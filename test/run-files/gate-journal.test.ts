import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import { appendToGateJournal, readGateJournal, type GateEntry } from '../../src/run-files/gate-journal.ts'

const NIGHT: GateEntry = {
  runId: '1a2b3c4',
  event: 'passed',
  metric: '',
  name: '',
  who: '',
  reason: '',
  commit: 'c0ffee1',
}
const CANDIDATE: GateEntry = { ...NIGHT, event: 'candidate', metric: 'throttled_ratio', name: 'rank, "a"' }
const ACCEPTED: GateEntry = { ...NIGHT, event: 'accepted', who: '=ann', reason: 'two\r\nlines' }
const NOW_MS = Date.UTC(2026, 10, 21, 3)

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'gate.csv')
}

describe('gate.csv', () => {
  it('gives back what was written, whatever stands in it', async () => {
    const path = newPath()
    await appendToGateJournal(path, [NIGHT, CANDIDATE], NOW_MS)
    await appendToGateJournal(path, [ACCEPTED], NOW_MS)
    expect(await readGateJournal(path)).toEqual([NIGHT, CANDIDATE, ACCEPTED])
    expect(readFileSync(path, 'utf8').split('\r\n').slice(0, 2)).toEqual([
      'schema_version,run_id,recorded_at,event,metric,name,who,reason,commit',
      '1,1a2b3c4,2026-11-21T03:00:00.000Z,passed,,,,,c0ffee1',
    ])
  })

  it('has a line once, whenever it is added again', async () => {
    const path = newPath()
    await appendToGateJournal(path, [NIGHT], NOW_MS)
    const text = readFileSync(path, 'utf8')
    expect(await appendToGateJournal(path, [NIGHT], NOW_MS + 1)).toBeUndefined()
    expect(readFileSync(path, 'utf8')).toBe(text)
    await appendToGateJournal(path, [NIGHT, { ...NIGHT, event: 'noisy', reason: 'slow' }], NOW_MS + 2)
    expect((await readGateJournal(path)).map(({ event }) => event)).toEqual(['passed', 'noisy'])
  })

  it('is empty where it is not there', async () => {
    expect(await readGateJournal(newPath())).toEqual([])
  })

  it('leaves out events that this version does not know', async () => {
    const path = newPath()
    await appendToGateJournal(path, [NIGHT], NOW_MS)
    writeFileSync(path, readFileSync(path, 'utf8').replace('passed', 'postponed'))
    expect(await readGateJournal(path)).toEqual([])
  })

  it('is refused when it may mean something else', async () => {
    const path = newPath()
    await appendToGateJournal(path, [NIGHT], NOW_MS)
    writeFileSync(path, readFileSync(path, 'utf8').replace('\n1,', '\n2,'))
    const error: unknown = await appendToGateJournal(path, [CANDIDATE], NOW_MS).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(UserError)
  })
})
