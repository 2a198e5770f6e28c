import type { Tracking } from '../api/tracking'

export function tracking(different: Partial<Tracking> = {}): Tracking {
  return {
    policy: 'consent',
    groups: [],
    window_titles: false,
    consent: false,
    excluded_applications: [],
    paused_until: null,
    is_asked: false,
    is_tracked: false,
    ...different,
  }
}
