import './series.css'

export const mostSeries = 7
export const colourOfRest = 'var(--series-rest)'

/** The colour of a series by its place among those with the most hours; all after the seventh share one. */
export function colourOf(place: number): string {
  return place >= 0 && place < mostSeries ? `var(--series-${place + 1})` : colourOfRest
}
