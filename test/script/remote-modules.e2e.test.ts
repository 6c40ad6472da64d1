import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { bundleScript } from '../../src/script/bundle.ts'
import { runIteration, writeFiles } from './script-fixture.ts'

it('fetches a module over a socket, through a redirect', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/a.js') response.writeHead(302, { location: '/b.js' }).end()
    else response.end(`import { sleep } from 'k6'\nexport const pause = (s) => { sleep(s); return 'paused' }`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const folder = writeFiles({
    'script.ts': `import { pause } from 'http://127.0.0.1:${port}/a.js'\nexport default () => pause(2)`,
  })
  const bundle = await bundleScript('script.ts', folder, { cacheDir: join(folder, 'cache') })
  const { trace, result } = await runIteration(bundle)
  expect(trace).toEqual(['sleep 2'])
  expect(result).toBe('paused')
})
