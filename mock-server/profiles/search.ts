/** Azure Cognitive Search, which finds the answers for QnA Maker and custom question answering. */

/** How much of a Search service there is. */
export interface SearchSize {
  readonly tier: 'S1' | 'S3' | 'S3HD'
  readonly replicaCount: number
  readonly partitionCount: number
}

/** Search units, which is what is paid for and what 36 of are the most. */
function searchUnitsOf({ replicaCount, partitionCount }: SearchSize): number {
  return replicaCount * partitionCount
}

/** `Search S3 12×3 (36 SU)`. */
export function searchInWords(size: SearchSize): string {
  return `Search ${size.tier} ${size.replicaCount}×${size.partitionCount} (${searchUnitsOf(size)} SU)`
}
