import { INKS, SHADE_OPACITY } from './ink.ts'
import { element, escaped, jsonElement } from './markup.ts'
import type { AbsentPlot, LegendItem, Plot } from './plot.ts'
import { frame, marksId, type FrameSize } from './svg/frame.ts'
import { BOX } from './svg/path.ts'
import { tableMarkup } from './table.ts'

/** Every plot is drawn for a wide and for a narrow page; both show the same marks. */
const WIDE: FrameSize = { className: 'wide', width: 640 }
const NARROW: FrameSize = { className: 'narrow', width: 328 }

/** A plot with its title, what it shows, its legend and the table of its figures. */
export function figure(plot: Plot | AbsentPlot): string {
  const title = element('h3', { id: `${plot.id}-title` }, escaped(plot.title))
  const attributes = { id: plot.id, 'aria-labelledby': `${plot.id}-title` }
  if ('absent' in plot) {
    return element('figure', attributes, title, element('p', { class: 'absent' }, escaped(plot.absent)))
  }
  const { zoom } = plot
  return element(
    'figure',
    { ...attributes, 'data-zoom': zoom === undefined ? undefined : `z-${plot.id}` },
    title,
    element('p', { class: 'about' }, escaped(plot.about)),
    plot.legend.length === 0 ? '' : element('ul', { class: 'legend' }, ...plot.legend.map(legendItem)),
    plot.key ?? '',
    element('div', { class: 'plot' }, images(plot)),
    element('details', {}, element('summary', {}, 'Figures of this plot'), tableMarkup(plot.table)),
    zoom === undefined ? '' : jsonElement(`z-${plot.id}`, zoom),
  )
}

function images(plot: Plot): string {
  const symbols = plot.panels.map(({ marks }, i) =>
    element(
      'symbol',
      {
        id: marksId(plot, i),
        viewBox: `0 0 ${BOX.width} ${BOX.height}`,
        preserveAspectRatio: 'none',
        // Strokes at an edge keep their whole width.
        overflow: 'visible',
      },
      marks,
    ),
  )
  return [
    element('svg', { class: 'marks', width: 0, height: 0, 'aria-hidden': 'true' }, ...symbols),
    frame(plot, WIDE),
    frame(plot, NARROW),
  ].join('')
}

function legendItem({ kind, ink, label }: LegendItem): string {
  const stroke = { class: `k-${ink}`, stroke: INKS[ink].light, fill: 'none' }
  const fill = { class: `f-${ink}`, fill: INKS[ink].light, d: 'M1 1h24v10h-24z' }
  const line = element('path', {
    ...stroke,
    d: 'M0 6h26',
    'stroke-width': 2,
    'stroke-dasharray': INKS[ink].dash,
  })
  const dot = element('path', {
    ...stroke,
    d: 'M13 6h0',
    'stroke-width': 7,
    'stroke-linecap': INKS[ink].dot ?? 'round',
  })
  const shapes: Readonly<Record<LegendItem['kind'], string>> = {
    line,
    dot,
    interval: line + dot,
    area: element('path', fill),
    shade: element('path', { ...fill, 'fill-opacity': SHADE_OPACITY }),
  }
  const swatch = element('svg', { width: 26, height: 12, 'aria-hidden': 'true' }, shapes[kind])
  return element('li', {}, swatch, escaped(label))
}
