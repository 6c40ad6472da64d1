/** A script that imports a module by its address: fetched once, locked, and from then on independent of the network. */
import { readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { temporaryFolder } from './command.ts'
import { runAgain, workplace } from './script.ts'

let server: Server | undefined

afterEach(() => {
  server?.close()
  vi.unstubAllEnvs()
})

/** Serves one module; returns its address. */
async function serve(text: () => string): Promise<string> {
  const started = createServer((_, response) => response.end(text()))
  server = started
  await new Promise<void>((resolve) => void started.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}/lib.js`
}

it('is fetched by the first run, and the next ones need no network and accept no change', async () => {
  const cache = temporaryFolder()
  vi.stubEnv('XDG_CACHE_HOME', cache)
  let path = 'a'
  let fetchCount = 0
  const url = await serve(() => {
    fetchCount++
    return `export const path = '${path}'`
  })
  const place = workplace({
    mock: 'custom',
    module: `import { path } from '${url}'`,
    body: 'http.get(`${__ENV.TARGET}/${path}`)',
  })

  expect(await runAgain(place, '--virtual')).toMatchObject({ exitCode: 0 })
  expect(fetchCount).toBe(1)
  const lock = join(place.folder, 'headroom.lock.json')
  expect(JSON.parse(readFileSync(lock, 'utf8'))).toEqual({ [url]: expect.stringMatching(/^[0-9a-f]{64}$/) })

  path = 'b'
  expect(await runAgain(place, '--virtual')).toMatchObject({ exitCode: 0 })
  expect(fetchCount).toBe(1)

  rmSync(cache, { recursive: true })
  const changed = await runAgain(place, '--virtual')
  expect(changed.exitCode).toBe(107)
  expect(changed.stderr).toContain(`${url}: the module has changed`)
  expect(changed.stderr).toContain(`to accept it, delete the line of ${url} in ${lock}`)

  server?.close()
  const offline = await runAgain(place, '--virtual')
  expect(offline.exitCode).toBe(107)
  expect(offline.stderr).toContain(`${url}: the module could not be fetched`)
})
