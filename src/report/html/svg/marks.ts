/** Paths with their looks. The attributes hold where a page may not have styles of its own; the stylesheet goes above them. */
import { HEAT_LIGHT, INKS, type InkName } from '../ink.ts'
import { element } from '../markup.ts'

const UNSTRETCHED = 'non-scaling-stroke'

/** A line. */
export function lineMark(ink: InkName, d: string): string {
  return element('path', {
    class: `k-${ink}`,
    d,
    fill: 'none',
    stroke: INKS[ink].light,
    'stroke-width': 1.5,
    'stroke-dasharray': INKS[ink].dash,
    'stroke-linejoin': 'round',
    'vector-effect': UNSTRETCHED,
  })
}

/** Dots, of a path that goes nowhere. */
export function dotMark(ink: InkName, d: string, sizePx: number): string {
  return element('path', {
    class: `k-${ink}`,
    d,
    fill: 'none',
    stroke: INKS[ink].light,
    'stroke-width': sizePx,
    'stroke-linecap': INKS[ink].dot ?? 'round',
    'vector-effect': UNSTRETCHED,
  })
}

/** A filled area. */
export function areaMark(ink: InkName, d: string, opacity = 1): string {
  return element('path', { class: `f-${ink}`, d, fill: INKS[ink].light, 'fill-opacity': opacity })
}

/** Cells of one level of a heat map, from 0 on. */
export function heatMark(level: number, d: string): string {
  return element('path', {
    class: `h-${level}`,
    d,
    fill: HEAT_LIGHT[level],
    'shape-rendering': 'crispEdges',
  })
}
