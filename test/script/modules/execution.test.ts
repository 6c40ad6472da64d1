import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/core/errors.ts'
import { createExecutionModule } from '../../../src/script/modules/execution.ts'
import { FakeHost } from './fake-host.ts'

// oxlint-disable-next-line typescript/no-explicit-any -- as scripts without types see it
function execOf(host: FakeHost): any {
  return createExecutionModule(host)
}

describe('k6/execution', () => {
  const READ: readonly (readonly [string, string])[] = [
    ['instance', 'vusActive'],
    ['scenario', 'name'],
    ['vu', 'idInTest'],
    ['vu', 'metrics'],
    ['test', 'options'],
  ]

  it.each(READ)('refuses to read exec.%s.%s while the script loads', (object, property) => {
    const host = new FakeHost()
    host.mayWait = false
    const exec = execOf(host)
    expect(() => exec[object][property]).toThrow('while the script loads')
  })

  it('has no scenario in setup and teardown', () => {
    expect(() => execOf(new FakeHost()).scenario.name).toThrow('setup() and teardown() belong to no scenario')
  })

  it.each(['instance', 'scenario', 'test', 'vu'])('exec.%s cannot be changed', (object) => {
    const exec = execOf(new FakeHost())
    expect(() => {
      exec[object].tags = {}
    }).toThrow(TypeError)
  })
})

describe('exec.vu.metrics.tags', () => {
  it('are the tags of the VU', () => {
    const host = new FakeHost()
    host.execution.tags = { scenario: 's', team: 'a' }
    const { vu } = execOf(host)
    expect({ ...vu.metrics.tags }).toEqual({ scenario: 's', team: 'a' })
    expect(vu.tags).toBe(vu.metrics.tags)
    expect('team' in vu.tags).toBe(true)
    expect(vu.tags.toString).toBeUndefined()
  })

  it('take texts, numbers and truth values, and give them up', () => {
    const host = new FakeHost()
    const { tags } = execOf(host).vu
    tags.text = 'a'
    tags.number = 1.5
    tags.truth = false
    tags.gone = 'x'
    delete tags.gone
    expect(host.execution.tags).toEqual({ text: 'a', number: '1.5', truth: 'false' })
  })

  it.each([[null], [undefined], [{}], [[1]], [() => {}], [Symbol('s')]])(
    'leave %s out, with a warning',
    (value) => {
      const host = new FakeHost()
      execOf(host).vu.tags.bad = value
      expect(host.execution.tags).toEqual({})
      expect(host.warnings).toEqual([
        'the tag "bad" of a VU must be a text, a number or a truth value: left out',
      ])
    },
  )

  it('refuse other values with the option throw', () => {
    const host = new FakeHost()
    host.http = { ...host.http, throws: true }
    expect(() => {
      execOf(host).vu.tags.bad = {}
    }).toThrow('the tag "bad" of a VU must be')
  })
})

describe('exec.vu.metrics.metadata', () => {
  it('is kept apart from the tags', () => {
    const host = new FakeHost()
    const { metrics } = execOf(host).vu
    metrics.metadata.trace = 12
    expect({ ...metrics.metadata }).toEqual({ trace: '12' })
    delete metrics.metadata.trace
    expect({ ...metrics.metadata }).toEqual({})
    expect(host.execution.tags).toEqual({})
  })
})

describe('exec.test', () => {
  it('aborts with what was said', () => {
    const host = new FakeHost()
    const exec = execOf(host)
    expect(() => exec.test.abort()).toThrow('test aborted')
    expect(() => exec.test.abort('why')).toThrow('test aborted: why')
    expect(host.execution.ends).toEqual(['abort: test aborted', 'abort: test aborted: why'])
  })

  it('aborts a script that loads with exit code 108', () => {
    const host = new FakeHost()
    host.mayWait = false
    const attempt = (): unknown => execOf(host).test.abort('no data')
    expect(attempt).toThrow(UserError)
    expect(attempt).toThrow(expect.objectContaining({ exitCode: 108, message: 'test aborted: no data' }))
  })

  it('marks the run as failed', () => {
    const host = new FakeHost()
    execOf(host).test.fail('late')
    expect(host.execution.ends).toEqual(['fail: test marked as failed: late'])
  })
})
