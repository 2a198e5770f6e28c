import type { TemplateDetails } from '../api/templates'
import { aTemplate } from './examples'

export function templateDetails(different: Partial<TemplateDetails> = {}): TemplateDetails {
  return {
    ...aTemplate,
    port: null,
    username: null,
    has_password: false,
    password_variable: null,
    profile: 'desktop',
    image: null,
    labels: [],
    cluster: { node_labels: {}, gpus: 0, chart: null },
    session_id: null,
    session: null,
    environment: {},
    is_disabled: false,
    is_for_everyone: true,
    allowed_users: [],
    allowed_groups: [],
    desktops: 0,
    spares: 0,
    spares_ready: 0,
    spare_trouble: null,
    ...different,
  }
}
