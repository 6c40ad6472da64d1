import { US_PER_S } from '../../src/core/units.ts'
import { type AutoscaleConfig, DEFAULT_AUTOSCALE } from '../autoscale.ts'
import type { RoutePattern } from '../route-pattern.ts'
import type { RuleConfig } from '../rule.ts'
import {
  ASSUMED_LATENCY,
  assumed,
  cognitive,
  inferred,
  type Profile,
  published,
  type Sourced,
} from './profile.ts'

const AUTOSCALE = 'azure-docs cognitive-services/autoscale.md'

export const COGNITIVE_DEFAULT: Profile = {
  name: 'cognitive-default',
  title: 'any Cognitive Service',
  tier: 'S0',
  service: cognitive('Cognitive Services API (v1.0)', 'CognitiveServices', 'S0'),
  rules: [published({ name: 'rate', algorithm: 'sliding-log', limit: 10, windowUs: US_PER_S }, AUTOSCALE)],
  latency: ASSUMED_LATENCY,
}

/** The same with autoscale switched on. */
export const COGNITIVE_AUTOSCALE: Profile = {
  ...COGNITIVE_DEFAULT,
  name: 'cognitive-autoscale',
  rules: COGNITIVE_DEFAULT.rules.map((rule) => ({ ...rule, value: { ...rule.value, isAutoscaled: true } })),
  autoscale: autoscale(DEFAULT_AUTOSCALE),
}

const VISION_DUMP = 'callRateLimit of a Computer Vision S1 account in a public tutorial of 2023'

/** Of the four rules only the first that fits a request applies to it. */
export const VISION_S1: Profile = {
  name: 'vision-s1',
  title: 'Computer Vision',
  tier: 'S1',
  service: cognitive('Computer Vision API (v3.2)', 'ComputerVision', 'S1'),
  rules: [
    visionRule('vision-recognizeText', 30, [
      { method: 'POST', path: '/vision/recognizeText' },
      { method: 'GET', path: '/vision/textOperations/*' },
      { method: '*', path: '/vision/read/*' },
    ]),
    visionRule('vision', 15, [{ method: '*', path: '/vision/*' }]),
    inferred(
      {
        name: 'container-billing',
        algorithm: 'sliding-log',
        limit: 500,
        windowUs: 10 * US_PER_S,
        match: [{ method: '*', path: '/billing/*' }],
      },
      `${VISION_DUMP}; which paths it is for is assumed`,
    ),
    visionRule('default', 20, [{ method: '*', path: '/*' }]),
  ],
  latency: ASSUMED_LATENCY,
  autoscale: autoscale({ ...DEFAULT_AUTOSCALE, enabled: false }),
}

function autoscale(config: AutoscaleConfig): Sourced<AutoscaleConfig> {
  return assumed(config, `the period and the maximum are published (${AUTOSCALE}), the step is assumed`)
}

function visionRule(name: string, limit: number, match: readonly RoutePattern[]): Sourced<RuleConfig> {
  return published(
    { name, algorithm: 'sliding-log', limit, windowUs: US_PER_S, match, isAutoscaled: true },
    VISION_DUMP,
  )
}
