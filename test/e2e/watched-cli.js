/**
 * The built command, started as `headroom` starts it, which writes down what it has left behind when it is done:
 * `node watched-cli.js …`, with the path of the record in the variable RECORD.
 */
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { main } from '../../dist/src/cli.js'
import { processIo } from '../../dist/src/commands/io.js'

/** How long what was told to end may take to be gone: a process has to be scheduled for that. */
const GRACE_MS = 1_000

/** @returns what `read` gives; `otherwise` for what is gone, and where there is no /proc. */
function reading(read, otherwise) {
  try {
    return read()
  } catch {
    return otherwise
  }
}

/** What each open file descriptor is, without those that the event loop needs for itself. */
function openFiles() {
  const fds = reading(() => readdirSync('/proc/self/fd'), [])
  return fds
    .map((fd) => reading(() => readlinkSync(`/proc/self/fd/${fd}`), ''))
    .filter((file) => /^(?:\/(?!dev\/|proc\/)|socket:|pipe:)/.test(file))
}

function childProcesses() {
  const textOf = (path) => reading(() => readFileSync(path, 'utf8'), '')
  return reading(() => readdirSync('/proc/self/task'), [])
    .flatMap((task) => textOf(`/proc/self/task/${task}/children`).split(' '))
    .filter((pid) => pid !== '')
    .map((pid) => `${pid} ${textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`)
}

/** What is there now and was not there before. */
function beyond(before, now) {
  const rest = [...before]
  return now.filter((each) => {
    const index = rest.indexOf(each)
    if (index >= 0) rest.splice(index, 1)
    return index < 0
  })
}

const record = { hasReturned: false, endedByItself: false, rejections: [], leftBehind: [] }
process.on('unhandledRejection', (reason) => record.rejections.push(String(reason)))
process.on('beforeExit', () => {
  record.endedByItself = true
})
process.on('exit', writeRecord)

function writeRecord() {
  writeFileSync(process.env.RECORD, JSON.stringify(record))
}

const io = processIo()
const before = [process.getActiveResourcesInfo(), openFiles(), childProcesses()]

function leftBehind() {
  const now = [process.getActiveResourcesInfo(), openFiles(), childProcesses()]
  return now.flatMap((each, index) => beyond(before[index], each))
}

process.exitCode = await main(process.argv.slice(2), io)
record.hasReturned = true
const deadlineMs = performance.now() + GRACE_MS
do {
  // What was closed is gone a turn of the event loop later.
  await wait(5)
  record.leftBehind = leftBehind()
} while (record.leftBehind.length > 0 && performance.now() < deadlineMs)
// What was left behind may keep the process from ever ending.
writeRecord()
