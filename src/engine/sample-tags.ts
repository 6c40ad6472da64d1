import type { TagSource } from '../measure/metrics.ts'
import type { Tags } from './host.ts'

/** Tags of a sample that belongs to no request: the caller's own, then the VU's. */
export class SampleTags implements TagSource {
  readonly #tags: Tags | undefined
  readonly #vu: TagSource

  constructor(tags: Tags | undefined, vu: TagSource) {
    this.#tags = tags
    this.#vu = vu
  }

  tag(key: string): string | undefined {
    return this.#tags?.[key] ?? this.#vu.tag(key)
  }
}
