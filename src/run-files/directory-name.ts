/** What the directory of a run is called. */
import { isoTime, type RunFacts } from './run-facts.ts'

/** `20261121T021700Z-personalizer-1a2b3c4`: sorts by time, safe on every file system. */
export function directoryName(facts: RunFacts): string {
  const stamp = isoTime(facts.wallStartedAtMs).replaceAll(/[-:]|\.\d+/g, '')
  const scenario = facts.scenario.replaceAll(/[^\w.-]+/g, '-').slice(0, 60)
  return `${stamp}-${scenario}-${shortId(facts.runId)}`
}

/** The name for another run of the same name: a second one in the same second gets `-2`. */
export function numberedName(name: string, number: number): string {
  return number === 1 ? name : `${name}-${number}`
}

/** Whether that is the name of a run with this id. Only its manifest says whether it is the run. */
export function mayBeDirectoryOf(name: string, runId: string): boolean {
  const end = `-${shortId(runId)}`
  return name.endsWith(end) || name.replace(/-\d+$/, '').endsWith(end)
}

function shortId(runId: string): string {
  return runId.slice(0, 7)
}
