import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { endBuilding } from '../../src/script/module-build.ts'
import { bundleFiles } from './script-fixture.ts'

it('a build comes to its end although others are done with building', { timeout: 20_000 }, async () => {
  const building = bundleFiles({ 'script.ts': 'export default () => {}' })
  const state = { isBuilt: false }
  void building.finally(() => (state.isBuilt = true))
  while (!state.isBuilt) {
    await endBuilding()
    await turn()
  }
  expect((await building).file).toBe('script.ts')
})
