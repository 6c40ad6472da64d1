import { US_PER_S } from '../../src/core/units.ts'
import type { QuestionAnsweringConfig } from '../config.ts'
import { ASSUMED_LATENCY, assumed, inferred, KEYS, type Profile, published } from './profile.ts'
import { searchInWords, type SearchSize } from './search.ts'

const TITLE = 'Custom question answering'
const SERVICE: QuestionAnsweringConfig = { kind: 'question-answering', tier: 'S', keys: KEYS }

export const CQA_S: Profile = {
  name: 'cqa-s',
  title: TITLE,
  tier: 'S',
  service: SERVICE,
  rules: [
    published(
      { name: 'rate', algorithm: 'sliding-log', limit: 10, windowUs: US_PER_S },
      'azure-docs language-service/question-answering/concepts/limits.md',
    ),
  ],
  latency: ASSUMED_LATENCY,
}

const SCALING =
  'Microsoft Tech Community, Scaling strategies for large scale Azure Cognitive Services deployments'

/** Gives 800 to 1,000 queries a second, which are 133 to 167 for each replica. */
const SEARCH: SearchSize = { tier: 'S3HD', replicaCount: 6, partitionCount: 1 }

/** With 10 workers a replica and 75 ms a query there are 800 queries a second; with latency=60ms there are 1,000. */
const WORKERS_PER_REPLICA = 10
const WORKER_COUNT = SEARCH.replicaCount * WORKERS_PER_REPLICA

/** What its Search service stands, where the rate limit in front of it has been raised out of the way. */
export const CQA_S3HD: Profile = {
  name: 'cqa-s3hd',
  title: TITLE,
  tier: `S + ${searchInWords(SEARCH)}`,
  service: SERVICE,
  rules: [],
  latency: assumed({ kind: 'fixed', us: 75_000 }, 'only the rate is published'),
  capacity: inferred(
    { workers: WORKER_COUNT, backlog: WORKER_COUNT },
    `${SCALING}; workers and backlog are assumed`,
  ),
}
