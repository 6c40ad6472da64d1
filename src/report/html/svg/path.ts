/**
 * Paths in a box of `BOX.width` × `BOX.height` units that is stretched over the area of a plot. Coordinates are whole
 * units and relative, which keeps a path of a thousand points within some kilobytes.
 */
import type { Scale } from './scale.ts'

export const BOX = { width: 2400, height: 1000 } as const

/** The axes of a path. */
export interface Axes {
  readonly x: Scale
  readonly y: Scale
}

function across({ x }: Axes, value: number): number {
  return Math.round(x.at(value) * BOX.width)
}

function down({ y }: Axes, value: number): number {
  return Math.round((1 - y.at(value)) * BOX.height)
}

/**
 * A horizontal stroke over each stretch, joined where they touch, with a gap where there is no value.
 *
 * @param edges where the stretches begin and end: one more than `values`
 */
export function stepPath(
  axes: Axes,
  edges: readonly number[],
  values: readonly (number | undefined)[],
): string {
  let path = ''
  let stroke: { readonly x: number; readonly y: number } | undefined
  values.forEach((value, i) => {
    const y = value === undefined ? undefined : down(axes, value)
    if (y === stroke?.y) return
    const x = across(axes, edges[i] ?? 0)
    if (stroke !== undefined) path += `h${x - stroke.x}`
    if (y !== undefined) path += stroke === undefined ? `M${x} ${y}` : `v${y - stroke.y}`
    stroke = y === undefined ? undefined : { x, y }
  })
  return stroke === undefined ? path : `${path}h${across(axes, edges[values.length] ?? 0) - stroke.x}`
}

/** The area between two lines of steps. */
export function stepArea(
  axes: Axes,
  edges: readonly number[],
  lower: readonly number[],
  upper: readonly number[],
): string {
  let path = stepPath(axes, edges, upper)
  let y: number | undefined
  for (let i = lower.length - 1; i >= 0; i--) {
    const next = down(axes, lower[i] ?? 0)
    if (next === y) continue
    if (y !== undefined) path += `H${across(axes, edges[i + 1] ?? 0)}`
    path += `V${next}`
    y = next
  }
  return `${path}H${across(axes, edges[0] ?? 0)}z`
}

/** A dot at each point; its size is the width of the stroke. */
export function dotPath(axes: Axes, points: readonly (readonly [x: number, y: number])[]): string {
  return points.map(([x, y]) => `M${across(axes, x)} ${down(axes, y)}h0`).join('')
}

/** Straight lines through the points. */
export function linePath(axes: Axes, points: readonly (readonly [x: number, y: number])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${across(axes, x)} ${down(axes, y)}`).join('')
}

/** A level across the whole width. */
export function levelPath(axes: Axes, y: number): string {
  return `M0 ${down(axes, y)}h${BOX.width}`
}

/** An upright line over the whole height. */
export function uprightPath(axes: Axes, x: number): string {
  return `M${across(axes, x)} 0v${BOX.height}`
}

/** A rectangle between two values of each axis. */
export function rectPath(
  axes: Axes,
  [left, right]: readonly [number, number],
  [bottom, top]: readonly [number, number],
): string {
  const [x, y] = [across(axes, left), down(axes, top)]
  return `M${x} ${y}H${across(axes, right)}V${down(axes, bottom)}H${x}z`
}
