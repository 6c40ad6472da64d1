import type { Outcome } from '../../measure/outcome.ts'
import type { Verdict } from '../../stats/verdict.ts'

/**
 * How lines and areas look: the palette of Okabe and Ito, darker on white and lighter on black than there, so that
 * each stands out from either background by at least 3 : 1, and a dash pattern, so that colour is never all there is.
 *
 * Source: M. Okabe, K. Ito, "Color Universal Design", 2008; WCAG 2.2, success criterion 1.4.11.
 */
interface Ink {
  readonly light: string
  readonly dark: string
  /** SVG's stroke-dasharray; solid where there is none. */
  readonly dash?: string
  /** Of dots: round where nothing is said. */
  readonly dot?: 'square'
}

/** What a line, an area or a shade of a plot stands for. */
export type InkName =
  | Outcome
  | 'offered'
  | 'sent'
  | 'cap'
  | 'unexplained'
  | 'dropped'
  | 'p50'
  | 'p95'
  | 'p99'
  | 'max'
  | 'service'
  | 'base'
  | 'expected'
  | Verdict
  | NameInk
  | 'shade'
  | 'pause'

/** Lines of request names, `_all` first. */
export const NAME_INKS = ['name0', 'name1', 'name2', 'name3', 'name4', 'name5', 'name6'] as const
type NameInk = (typeof NAME_INKS)[number]

export const INKS: Readonly<Record<InkName, Ink>> = {
  offered: { light: '#4d4d4d', dark: '#c4c4c4', dash: '6 4' },
  sent: { light: '#0072b2', dark: '#56b4e9' },
  accepted: { light: '#007a5a', dark: '#2cc295' },
  throttled: { light: '#b06f00', dark: '#e69f00' },
  cap: { light: '#c04a00', dark: '#ff8a4c', dash: '2 3' },
  client_error: { light: '#a8497f', dark: '#e08fbf' },
  server_error: { light: '#c04a00', dark: '#ff8a4c' },
  timeout: { light: '#0072b2', dark: '#56b4e9' },
  network_error: { light: '#4d4d4d', dark: '#c4c4c4' },
  aborted: { light: '#7d7d7d', dark: '#959595' },
  unexplained: { light: '#595959', dark: '#b0b0b0' },
  dropped: { light: '#7a5c2e', dark: '#c9a86a' },
  p50: { light: '#007a5a', dark: '#2cc295' },
  p95: { light: '#0072b2', dark: '#56b4e9', dash: '7 3' },
  p99: { light: '#a8497f', dark: '#e08fbf' },
  max: { light: '#7d7d7d', dark: '#959595' },
  service: { light: '#0072b2', dark: '#56b4e9', dash: '7 3' },
  base: { light: '#4d4d4d', dark: '#c4c4c4', dash: '6 4' },
  expected: { light: '#1c1c1c', dark: '#ffffff' },
  regressed: { light: '#c04a00', dark: '#ff8a4c', dot: 'square' },
  improved: { light: '#007a5a', dark: '#2cc295' },
  equivalent: { light: '#0072b2', dark: '#56b4e9', dash: '4 2' },
  inconclusive: { light: '#7d7d7d', dark: '#959595', dash: '2 3' },
  name0: { light: '#4d4d4d', dark: '#c4c4c4' },
  name1: { light: '#0072b2', dark: '#56b4e9', dash: '7 3' },
  name2: { light: '#007a5a', dark: '#2cc295', dash: '2 3' },
  name3: { light: '#b06f00', dark: '#e69f00', dash: '10 3 2 3' },
  name4: { light: '#a8497f', dark: '#e08fbf', dash: '4 2' },
  name5: { light: '#c04a00', dark: '#ff8a4c', dash: '12 4' },
  name6: { light: '#7a5c2e', dark: '#c9a86a', dash: '3 5' },
  shade: { light: '#c04a00', dark: '#ff8a4c' },
  pause: { light: '#7d7d7d', dark: '#959595' },
}

/** Levels of a heat map, from few to many. */
export const HEAT_LIGHT = [
  '#dcebf5',
  '#b5d6ea',
  '#86bcdc',
  '#549fcb',
  '#2a81b8',
  '#12649c',
  '#094a7a',
  '#042f52',
] as const
export const HEAT_DARK = [
  '#14283a',
  '#183d59',
  '#1c557c',
  '#226f9f',
  '#338bc0',
  '#5aa8d8',
  '#91c8ea',
  '#d0e9f9',
] as const

/** Of a stretch of time that is marked behind the lines. */
export const SHADE_OPACITY = 0.16
