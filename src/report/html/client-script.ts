/**
 * What the page does when its scripts may run: plots that carry their figures can be zoomed with uPlot, and the CSV can
 * be copied. Without scripts nothing is missing but that. Written for browsers, which is why it is text here.
 */
export const CLIENT_SCRIPT: string = String.raw`
(() => {
  'use strict'
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
  const pad = (n) => String(n).padStart(2, '0')
  const clock = (s) => (s >= 3600 ? Math.floor(s / 3600) + ':' : '') + pad(Math.floor(s / 60) % 60) + ':' + pad(Math.floor(s % 60))
  const figureOf = (v) => (v == null ? '–' : v.toLocaleString('en', { maximumSignificantDigits: 4 }))
  const button = (text, onClick) => {
    const made = document.createElement('button')
    made.type = 'button'
    made.textContent = text
    made.addEventListener('click', onClick)
    return made
  }

  const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400]
  const seriesOf = ({ label, ink, kind, dash, axis }) => ({
    label,
    scale: 'y' + axis,
    stroke: css('--' + ink),
    width: kind === 'dot' ? 0 : 1.5,
    dash,
    value: (_, v) => figureOf(v),
    ...(kind === 'dot'
      ? { points: { show: true, size: 4, fill: css('--' + ink) }, paths: () => null }
      : { points: { show: false }, paths: uPlot.paths.stepped({ align: 1 }) }),
  })

  const axisOf = (label, i) => ({
    scale: 'y' + i,
    side: i === 0 ? 3 : 1,
    label,
    labelSize: 20,
    size: 56,
    stroke: css('--text'),
    grid: { show: i === 0, stroke: css('--line'), width: 1 },
    values: (_, splits) => splits.map((v) => (v == null ? '' : figureOf(v))),
  })

  const scaleOf = (isLog) => (isLog ? { distr: 3, log: 10 } : { range: (_, min, max) => [0, max > 0 ? max * 1.05 : 1] })

  const draw = (place, data, isLog, width) => {
    const scales = { x: { time: false } }
    data.axes.forEach((_, i) => (scales['y' + i] = scaleOf(isLog && i === 0)))
    const options = {
      width,
      height: 300,
      cursor: { sync: { key: 'run' }, drag: { x: true, y: false } },
      scales,
      axes: [
        { stroke: css('--text'), grid: { stroke: css('--line'), width: 1 }, space: 70, incrs: STEPS_S, values: (_, splits) => splits.map(clock) },
        ...data.axes.map(axisOf),
      ],
      series: [{ label: 'time', value: (_, v) => (v == null ? '–' : clock(v)) }, ...data.series.map(seriesOf)],
    }
    return new uPlot(options, [data.timesS, ...data.series.map(({ values }) => values)], place)
  }

  const makeZoomable = (figure) => {
    const data = JSON.parse(document.getElementById(figure.dataset.zoom).textContent)
    const still = figure.querySelector('.plot')
    const place = document.createElement('div')
    place.className = 'zoom'
    place.hidden = true
    let plot
    let isLog = data.isLog
    const redraw = () => {
      plot?.destroy()
      plot = place.hidden ? undefined : draw(place, data, isLog, place.clientWidth)
    }
    const scaleButton = button('Linear axis', () => {
      isLog = !isLog
      scaleButton.textContent = isLog ? 'Linear axis' : 'Logarithmic axis'
      redraw()
    })
    scaleButton.hidden = true
    const zoomButton = button('Zoom', () => {
      place.hidden = !place.hidden
      still.hidden = !place.hidden
      scaleButton.hidden = place.hidden || !data.isLog
      zoomButton.textContent = place.hidden ? 'Zoom' : 'Back to the whole'
      zoomButton.title = place.hidden ? '' : 'Drag over a stretch to zoom in, double-click to zoom out'
      redraw()
    })
    const bar = document.createElement('div')
    bar.append(zoomButton, scaleButton)
    still.after(place, bar)
    addEventListener('resize', () => plot?.setSize({ width: place.clientWidth, height: 300 }))
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw)
  }

  const makeCopyable = (details) => {
    const pre = details.querySelector('pre')
    const copy = button('Copy', async () => {
      getSelection().selectAllChildren(pre)
      try {
        await navigator.clipboard.writeText(pre.textContent)
        copy.textContent = 'Copied'
      } catch {
        copy.textContent = 'Selected: copy it with the keyboard'
      }
    })
    details.append(copy)
  }

  document.querySelectorAll('figure[data-zoom]').forEach(makeZoomable)
  document.querySelectorAll('#csv').forEach(makeCopyable)
})()
`
