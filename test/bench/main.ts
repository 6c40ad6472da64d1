/** `npm run bench`: figures as ratios, taken side by side in one run. No figure here is a test. */
import { benchCpuPerRequest } from './cpu-per-request.ts'

await benchCpuPerRequest((line) => process.stdout.write(`${line}\n`))
