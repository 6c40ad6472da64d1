import { expect, it } from 'vitest'
import { Rng } from '../../../src/core/rng.ts'
import { EventLoop } from '../../../src/script/event-loop.ts'
import { createModules } from '../../../src/script/modules/index.ts'
import { RandomSource } from '../../../src/script/random-source.ts'
import { SharedArrays } from '../../../src/script/shared-arrays.ts'
import { namesOf, supportedModules } from '../../../src/script/supported.ts'
import { FakeHost } from './fake-host.ts'

function modulesOf(host: FakeHost): ReturnType<typeof createModules> {
  return createModules(host, {
    gate: host,
    loop: new EventLoop(host.clock, host, host),
    random: new RandomSource(new Rng(1), true),
    sharedArrays: new SharedArrays(),
    nowMs: () => 0,
  })
}

it.each(supportedModules())('%s has every name that scripts may import, and no other', (name) => {
  const { default: whole, ...named } = modulesOf(new FakeHost())[name] ?? {}
  expect(whole).toEqual(named)
  expect(Object.keys(named).toSorted()).toEqual(namesOf(name).toSorted())
})

it('makes a module once, when it is read', () => {
  const modules = modulesOf(new FakeHost())
  expect(modules['k6/crypto']).toBe(modules['k6/crypto'])
  expect(modules['k6/no-such-module']).toBeUndefined()
})
