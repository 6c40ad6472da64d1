import type { MetricDefinition } from './metric-types.ts'
import type { Sink, SinkData } from './sink.ts'
import { createSink } from './sinks.ts'

/** A part of a run: a scenario, or a group within it. */
export interface RunPart {
  readonly scenario: string
  /** As in the tag: `::outer::inner`; `undefined`: the whole scenario. */
  readonly group: string | undefined
}

/** What one metric took in within one part. Plain data. */
export interface PartData extends RunPart {
  readonly metric: string
  readonly data: SinkData
}

/** Every part costs sinks of all its metrics: further ones are not kept. */
const MOST_PARTS = 200

interface Part extends RunPart {
  readonly sinks: Map<string, Sink>
}

/** Metrics by scenario and by group of each scenario. */
export class MetricParts {
  readonly #parts = new Map<string, Part>()

  /** @param group of the sample; empty outside of groups. */
  add(
    definition: MetricDefinition,
    value: number,
    scenario: string | undefined,
    group: string,
    atUs: number,
  ): void {
    // Set-up and teardown belong to none.
    if (scenario === undefined) return
    this.#sink(definition, { scenario, group: undefined })?.add(value, atUs)
    if (group !== '') this.#sink(definition, { scenario, group })?.add(value, atUs)
  }

  /** What came since the last call. */
  take(): PartData[] {
    return [...this.#parts.values()].flatMap(({ scenario, group, sinks }) =>
      [...sinks].flatMap(([metric, sink]) => {
        const data = sink.take()
        return data === undefined ? [] : [{ scenario, group, metric, data }]
      }),
    )
  }

  merge(definition: MetricDefinition, { data, ...part }: PartData): void {
    this.#sink(definition, part)?.merge(data)
  }

  /** In order of first use. */
  parts(): RunPart[] {
    return [...this.#parts.values()].map(({ scenario, group }) => ({ scenario, group }))
  }

  /** The metrics that have samples in this part. */
  sinksOf(part: RunPart): ReadonlyMap<string, Sink> {
    return this.#parts.get(keyOf(part))?.sinks ?? new Map<string, Sink>()
  }

  #sink(definition: MetricDefinition, part: RunPart): Sink | undefined {
    const sinks = this.#sinks(part)
    let sink = sinks?.get(definition.name)
    if (sinks !== undefined && sink === undefined) {
      sink = createSink(definition)
      sinks.set(definition.name, sink)
    }
    return sink
  }

  #sinks({ scenario, group }: RunPart): Map<string, Sink> | undefined {
    const key = keyOf({ scenario, group })
    const known = this.#parts.get(key)
    if (known !== undefined || this.#parts.size >= MOST_PARTS) return known?.sinks
    const sinks = new Map<string, Sink>()
    this.#parts.set(key, { scenario, group, sinks })
    return sinks
  }
}

/** Names of scenarios have no blank. */
function keyOf({ scenario, group }: RunPart): string {
  return group === undefined ? scenario : `${scenario} ${group}`
}
