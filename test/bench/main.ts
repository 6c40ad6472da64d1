/** `npm run bench`: figures as ratios, taken side by side in one run. No figure here is a test. */
import { benchCpuPerRequest } from './cpu-per-request.ts'
import { benchMockRank } from './mock-rank.ts'

const print = (line: string): void => void process.stdout.write(`${line}\n`)

await benchCpuPerRequest(print)
print('')
await benchMockRank(print)
