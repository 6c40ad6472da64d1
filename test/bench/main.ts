/** `npm run bench [NAME…]`: figures as ratios, taken side by side in one run. No figure here is a test. */
import { benchArrivals } from './arrivals.ts'
import { benchCpuPerRequest } from './cpu-per-request.ts'
import { benchMockRank } from './mock-rank.ts'

const BENCHES = { cpu: benchCpuPerRequest, mock: benchMockRank, arrivals: benchArrivals }

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(BENCHES, name))
if (unknown.length > 0) throw new Error(`no bench ${unknown.join(', ')}: ${Object.keys(BENCHES).join(', ')}`)
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  await bench((line) => void process.stdout.write(`${line}\n`))
}
