let ahead = 0

/** Learns how far the server's clock is from ours, to the second, from an answer just received. */
export function learnServerTime(response: Response, receivedAt: number = Date.now()): void {
  const sent = Date.parse(response.headers.get('Date') ?? '')
  if (Number.isNaN(sent)) return
  const difference = sent - receivedAt
  // The header has whole seconds only: a smaller difference says nothing.
  ahead = Math.abs(difference) < 2000 ? 0 : difference
}

/** Milliseconds since the epoch by the server's clock, so that a wrong clock here shows no wrong times. */
export function serverNow(): number {
  return Date.now() + ahead
}
