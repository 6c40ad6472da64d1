/** Errors that Personalizer itself answers, as opposed to the gateway in front of it. */
import * as azure from '../azure.ts'
import type { Reply } from '../service.ts'

/** Codes of API v1.1-preview: azure-rest-api-specs, Personalizer; statuses as in Microsoft's open-sourced error table. */
const STATUSES = {
  BadRequest: 400,
  InvalidServiceConfiguration: 400,
  InvalidLearningModeServiceConfiguration: 400,
  InvalidPolicyConfiguration: 400,
  InvalidPolicyContract: 400,
  InvalidEvaluationContract: 400,
  DuplicateCustomPolicyNames: 400,
  NoLogsExistInDateRange: 400,
  InvalidRewardRequest: 400,
  InvalidEventIdToActivate: 400,
  InvalidRankRequest: 400,
  InvalidContainer: 400,
  InvalidRewardWaitTime: 400,
  InvalidLogRetentionDays: 400,
  InvalidMultiSlotApiAccess: 400,
  ProblemTypeIncompatibleWithAutoOptimization: 403,
  EvaluationNotFound: 404,
  LearningSettingsNotFound: 404,
  LogsPropertiesNotFound: 404,
} as const

export type ErrorCode = keyof typeof STATUSES

export interface PersonalizerFault {
  readonly code: ErrorCode
  readonly message: string
}

/** @param isPreview API v1.0 knows few codes: those of the status. */
export function faultReply(
  { code, message }: PersonalizerFault,
  isPreview: boolean,
  requestId: string,
): Reply {
  const status = STATUSES[code]
  const basicCode = status === 404 ? 'ResourceNotFound' : 'BadRequest'
  return azure.errorReply(status, isPreview ? code : basicCode, message, requestId)
}
