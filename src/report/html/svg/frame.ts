/** A plot at a size: axes, grid and labels around panels whose marks are drawn elsewhere and stretched to fit. */
import { element, escaped } from '../markup.ts'
import type { Panel, Plot } from '../plot.ts'
import type { Scale, Tick } from './scale.ts'

export interface FrameSize {
  readonly className: string
  readonly width: number
}

/** Mean width of a character of a label: that of DejaVu Sans, which is wider than other fonts, at 12 px. */
const CHARACTER_PX = 7.3
const LINE_PX = 14
/** Between two labels of the horizontal axis. */
const LABEL_GAP_PX = 14
const TICK_GAP_PX = 6
const RIGHT_PX = 16
const TOP_PX = 18
const BOTTOM_PX = 38
const PANEL_GAP_PX = 26
/** Between panels that have a horizontal axis each. */
const AXIS_GAP_PX = PANEL_GAP_PX + LINE_PX + 4
const LIST_LINE_PX = 20
const MOST_Y_TICKS = 12

/** Of an image with so many panels. */
const HEIGHTS_PX: Readonly<Record<number, number>> = { 1: 280, 2: 340 }
const PER_FURTHER_PANEL_PX = 110

/** Where something stands, in px of the frame. */
export interface Area {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Id of the symbol that holds the marks of a panel. */
export function marksId(plot: Plot, panel: number): string {
  return `m-${plot.id}-${panel}`
}

/** The plot as an image of the given size. Its marks must be in the page as symbols. */
export function frame(plot: Plot, size: FrameSize): string {
  const areas = panelAreas(plot.panels, size.width)
  const { top, height: lowest } = areas.at(-1) ?? NOWHERE
  const height = top + lowest + BOTTOM_PX
  const panels = plot.panels.map((panel, i) => panelMarkup(panel, areas[i] ?? NOWHERE, marksId(plot, i)))
  return element(
    'svg',
    {
      class: size.className,
      viewBox: `0 0 ${size.width} ${height}`,
      width: size.width,
      height,
      role: 'img',
      'aria-label': `${plot.title}. ${plot.about}`,
      'font-size': 12,
    },
    ...xAxis(plot, areas),
    ...panels,
  )
}

const NOWHERE: Area = { left: 0, top: 0, width: 0, height: 0 }

/** Panels stand above each other and begin where the longest label of any vertical axis ends. */
function panelAreas(panels: readonly Panel[], width: number): Area[] {
  const labels = panels.flatMap((panel) => yTicks(panel).map(({ label }) => label))
  const left = Math.ceil(widthOf(labels)) + TICK_GAP_PX + 4
  const gap = hasList(panels) ? AXIS_GAP_PX : PANEL_GAP_PX
  let top = TOP_PX
  return panels.map((panel) => {
    const height = heightOf(panel, panels.length)
    const area = { left, top, width: width - left - RIGHT_PX, height }
    top += height + gap
    return area
  })
}

function hasList(panels: readonly Panel[]): boolean {
  return panels.some(({ lineCount }) => lineCount !== undefined)
}

/** A list is as high as its lines; other panels share the height of the image. */
function heightOf({ lineCount }: Panel, panelCount: number): number {
  if (lineCount !== undefined) return lineCount * LIST_LINE_PX
  const whole = HEIGHTS_PX[panelCount] ?? PER_FURTHER_PANEL_PX * panelCount
  return Math.floor((whole - BOTTOM_PX - TOP_PX - PANEL_GAP_PX * (panelCount - 1)) / panelCount)
}

function widthOf(labels: readonly string[]): number {
  return Math.max(0, ...labels.map((label) => Array.from(label).length)) * CHARACTER_PX
}

function yTicks({ y, lineCount }: Panel): readonly Tick[] {
  return y.ticks(lineCount ?? MOST_Y_TICKS)
}

function panelMarkup(panel: Panel, area: Area, id: string): string {
  const { left, top, width, height } = area
  const ticks = yTicks(panel).map(({ at, label }) => {
    const y = Math.round(top + (1 - at) * height) + 0.5
    return (
      gridLine({ x1: left, y1: y, x2: left + width, y2: y }) +
      text(label, { x: left - TICK_GAP_PX, y: y + 4, 'text-anchor': 'end' })
    )
  })
  const use = element('use', { href: `#${id}`, x: left, y: top, width, height })
  // The labels of a list are so long that what is above them would not fit beside them.
  const labelLeft = panel.lineCount === undefined ? left : 0
  return ticks.join('') + use + text(panel.label, { x: labelLeft, y: top - 6, class: 'axis' })
}

/** Below the last panel; below each where lists make them so high that it would be out of sight. */
function xAxis({ x, xLabel, panels }: Plot, areas: readonly Area[]): string[] {
  const { left, top, width, height } = areas.at(-1) ?? NOWHERE
  const ticks = hasList(panels)
    ? areas.flatMap((area, i) => xTicks(panels[i]?.x ?? x, area))
    : xTicks(x, areas.at(-1) ?? NOWHERE)
  const y = top + height + 2 * LINE_PX + 5
  return [...ticks, text(xLabel, { x: left + width, y, 'text-anchor': 'end', class: 'axis' })]
}

function xTicks(x: Scale, { left, top, width, height }: Area): string[] {
  const bottom = top + height
  return fitting(x.ticks, width).map(({ at, label }) => {
    const at0 = Math.round(left + at * width) + 0.5
    const half = widthOf([label]) / 2
    const middle = Math.min(Math.max(at0, half), left + width + RIGHT_PX - half)
    return (
      gridLine({ x1: at0, y1: bottom, x2: at0, y2: bottom + 5 }) +
      text(label, { x: middle, y: bottom + LINE_PX + 3, 'text-anchor': 'middle' })
    )
  })
}

/** As many ticks as have room for their labels. */
function fitting(ticksOf: (maxCount: number) => readonly Tick[], width: number): readonly Tick[] {
  for (let count = Math.floor(width / 40); count > 2; count--) {
    const ticks = ticksOf(count)
    const steps = ticks.slice(1).map(({ at }, i) => (at - (ticks[i]?.at ?? 0)) * width)
    if (widthOf(ticks.map(({ label }) => label)) + LABEL_GAP_PX <= Math.min(...steps)) return ticks
  }
  return ticksOf(2)
}

function gridLine(ends: Readonly<Record<'x1' | 'y1' | 'x2' | 'y2', number>>): string {
  return element('line', { ...ends, class: 'grid', stroke: '#d9d9d9' })
}

function text(content: string, attributes: Readonly<Record<string, string | number>>): string {
  return element('text', { ...attributes, fill: '#333333' }, escaped(content))
}
