import { US_PER_S } from '../../src/core/units.ts'
import { assumed, inferred, KEYS, type Profile } from './profile.ts'
import { searchInWords, type SearchSize } from './search.ts'

const GUIDE = 'azure-docs cognitive-services/QnAMaker/Concepts/azure-resources.md'

/** What stands behind a QnA Maker that is to answer so many questions a second. */
interface GuideRow {
  readonly questionsPerS: number
  /** `S3×10`: tier and instances. */
  readonly appService: string
  readonly search: SearchSize
}

/** The guide's own rows; of its last, 200 to 250 questions a second, the lower end. */
const GUIDE_ROWS: readonly GuideRow[] = [
  { questionsPerS: 3, appService: 'S1×1', search: { tier: 'S1', replicaCount: 1, partitionCount: 1 } },
  { questionsPerS: 50, appService: 'S3×10', search: { tier: 'S1', replicaCount: 12, partitionCount: 1 } },
  { questionsPerS: 80, appService: 'S3×10', search: { tier: 'S3', replicaCount: 12, partitionCount: 1 } },
  { questionsPerS: 100, appService: 'P3V2×10', search: { tier: 'S3', replicaCount: 12, partitionCount: 3 } },
  { questionsPerS: 200, appService: 'P3V2×20', search: { tier: 'S3', replicaCount: 12, partitionCount: 3 } },
]

/** No counter limits it: it saturates. */
export const QNA_MAKER: readonly Profile[] = GUIDE_ROWS.map(({ questionsPerS, appService, search }) => ({
  name: `qnamaker-${questionsPerS}`,
  title: 'QnA Maker',
  tier: `App Service ${appService} + ${searchInWords(search)}`,
  service: { kind: 'qna-maker', keys: KEYS },
  rules: [],
  // At 1 s for each question a worker answers one a second, so that the workers are the guide's questions a second.
  latency: assumed({ kind: 'fixed', us: US_PER_S }, 'only the rate is published'),
  capacity: inferred({ workers: questionsPerS, backlog: questionsPerS }, `${GUIDE}; the backlog is assumed`),
}))
