import { EXIT, UserError } from '../../core/errors.ts'
import type { InstanceView, ScenarioView, VuHost } from '../../engine/host.ts'

/** The objects of `k6/execution`: every property is read when it is asked for. */
export interface ExecutionModule {
  readonly instance: object
  readonly scenario: object
  readonly test: object
  readonly vu: object
}

export function createExecutionModule(host: VuHost): ExecutionModule {
  return {
    instance: instanceOf(host),
    scenario: scenarioOf(host),
    test: testOf(host),
    vu: vuOf(host),
  }
}

function assertLoaded(host: VuHost, what: string): void {
  if (!host.mayWait) throw new Error(`exec.${what} cannot be read while the script loads`)
}

function instanceOf(host: VuHost): object {
  const view = (): InstanceView => {
    assertLoaded(host, 'instance')
    return host.execution.instance()
  }
  return Object.freeze({
    get iterationsInterrupted() {
      return view().interruptedCount
    },
    get iterationsCompleted() {
      return view().completedCount
    },
    get vusActive() {
      return view().activeVus
    },
    get vusInitialized() {
      return view().initializedVus
    },
    get currentTestRunDuration() {
      return view().elapsedMs
    },
  })
}

function scenarioOf(host: VuHost): object {
  const view = (): ScenarioView => {
    assertLoaded(host, 'scenario')
    const { scenario } = host.execution
    if (scenario === undefined) throw new Error('setup() and teardown() belong to no scenario')
    return scenario
  }
  const iteration = (): number => {
    view()
    return host.execution.iterationInScenario
  }
  return Object.freeze({
    get name() {
      return view().name
    },
    get executor() {
      return view().executor
    },
    get startTime() {
      return view().startTimeMs()
    },
    get progress() {
      return view().progressRatio()
    },
    // There is one instance: its numbers are those of the test.
    get iterationInInstance() {
      return iteration()
    },
    get iterationInTest() {
      return iteration()
    },
  })
}

function testOf(host: VuHost): object {
  return Object.freeze({
    abort: (reason?: unknown): never => abort(host, saying('test aborted', reason)),
    fail: (reason?: unknown): void => {
      assertLoaded(host, 'test.fail')
      host.execution.markFailed(saying('test marked as failed', reason))
    },
    get options() {
      assertLoaded(host, 'test.options')
      return host.execution.options
    },
  })
}

function saying(what: string, reason: unknown): string {
  return (reason ?? undefined) === undefined ? what : `${what}: ${String(reason)}`
}

/** No iteration goes on after it, so what is thrown here reaches nobody, unless the script is still loading. */
function abort(host: VuHost, message: string): never {
  const isLoading = !host.mayWait
  host.execution.abort(message)
  if (isLoading) throw new UserError(EXIT.aborted, [{ where: '', what: message }])
  throw new Error(message)
}

function vuOf(host: VuHost): object {
  const tags = tagMap(host)
  const metrics = Object.freeze({ tags, metadata: metadataMap(host) })
  const running = <T>(value: T): T => {
    assertLoaded(host, 'vu')
    return value
  }
  const iteration = (): number => running(host.iterationCount - 1)
  return Object.freeze({
    get idInInstance() {
      return running(host.vuId)
    },
    get idInTest() {
      return running(host.vuId)
    },
    // A VU runs in one scenario only.
    get iterationInInstance() {
      return iteration()
    },
    get iterationInScenario() {
      return iteration()
    },
    get tags() {
      return running(tags)
    },
    get metrics() {
      return running(metrics)
    },
  })
}

/** Reads and writes the VU's own tags like the properties of an object. */
function tagMap(host: VuHost): object {
  return writableMap(host, 'tag', {
    entries: () => host.execution.tags,
    set: (key, value) => host.execution.setTag(key, value),
  })
}

/** k6 hands metadata to its outputs; nothing here has any. */
function metadataMap(host: VuHost): object {
  const entries = new Map<string, string>()
  return writableMap(host, 'metadata', {
    entries: () => Object.fromEntries(entries),
    set: (key, value) => (value === undefined ? entries.delete(key) : entries.set(key, value)),
  })
}

interface Store {
  entries(): Readonly<Record<string, string>>
  /** `undefined` takes it away. */
  set(key: string, value: string | undefined): unknown
}

function writableMap(host: VuHost, kind: string, store: Store): object {
  const own = (key: PropertyKey): string | undefined => {
    const entries = store.entries()
    return typeof key === 'string' && Object.hasOwn(entries, key) ? entries[key] : undefined
  }
  return new Proxy<Record<string, string>>(
    {},
    {
      get: (_, key) => own(key),
      has: (_, key) => own(key) !== undefined,
      ownKeys: () => Object.keys(store.entries()),
      getOwnPropertyDescriptor: (_, key) => {
        const value = own(key)
        return value === undefined
          ? undefined
          : { value, writable: true, enumerable: true, configurable: true }
      },
      set: (_, key, value) => {
        const text = tagText(host, kind, String(key), value)
        if (text !== undefined) store.set(String(key), text)
        return true
      },
      deleteProperty: (_, key) => {
        store.set(String(key), undefined)
        return true
      },
    },
  )
}

/** As in k6 other values are left out with a warning, and are errors with the option `throw`. */
function tagText(host: VuHost, kind: string, key: string, value: unknown): string | undefined {
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value)
  const what = `the ${kind} ${JSON.stringify(key)} of a VU must be a text, a number or a truth value`
  if (host.http.throws) throw new TypeError(what)
  host.warnOnce(`${what}: left out`)
  return undefined
}
