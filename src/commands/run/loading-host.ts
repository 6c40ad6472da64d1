import type { VuHost } from '../../engine/host.ts'
import type { MetricRegistry } from '../../measure/metrics.ts'

/** A VU that only loads its script, to see its options and its metrics: nothing can be sent, waited for or counted. */
export function loadingHost(metrics: MetricRegistry): VuHost {
  const refuse = (): never => {
    throw new Error('this cannot be called while the script loads')
  }
  return {
    vuId: 0,
    mayWait: false,
    defaultHeaders: [],
    discardResponseBodies: false,
    get http() {
      return refuse()
    },
    iterationCount: 0,
    execution: {
      scenario: undefined,
      iterationInScenario: 0,
      tags: {},
      options: {},
      instance: refuse,
      setTag: refuse,
      // The caller throws.
      abort: () => {},
      markFailed: refuse,
    },
    warnOnce: () => {},
    sleep: refuse,
    schedule: refuse,
    failIteration: refuse,
    request: refuse,
    group: refuse,
    check: refuse,
    declareMetric: (name, type, isTime) => metrics.declare(name, type, isTime),
    addToMetric: refuse,
  }
}
