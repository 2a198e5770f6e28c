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
    kept_for: {
      activity_days: null,
      totals_years: null,
      login_days: 90,
      save_days: null,
      history_days: null,
      recording_days: 30,
      audit_days: null,
    },
    ...different,
  }
}
