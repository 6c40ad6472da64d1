import { expect, it } from 'vitest'
import { createModules } from '../../../src/script/modules/index.ts'
import { listNames } from '../../../src/script/supported.ts'
import { FakeHost } from './fake-host.ts'

it('has every name that scripts may import, and no other', () => {
  const host = new FakeHost()
  const modules = createModules(host, host)
  expect(Object.keys(modules)).toEqual(['k6', 'k6/http', 'k6/metrics'])
  for (const [module, { default: whole, ...named }] of Object.entries(modules)) {
    expect(whole).toEqual(named)
    expect(Object.keys(named).toSorted()).toEqual(listNames(module).split(', ').toSorted())
  }
})
