import type { TemplateDetails } from '../api/templates'

export function templateDetails(different: Partial<TemplateDetails> = {}): TemplateDetails {
  return {
    id: 1,
    slug: 'desktop',
    name: 'Desktop',
    description: 'Light and quick.',
    icon: 'device-desktop',
    category: 'Desktops',
    runtime: 'local',
    network: 'internet',
    memory_mb: 2048,
    least_memory_mb: 1024,
    most_memory_mb: 8192,
    cpus: 2,
    least_cpus: 1,
    most_cpus: 4,
    idle_limit_seconds: null,
    lifetime_seconds: null,
    most_lifetime_seconds: null,
    profile: 'desktop',
    image: null,
    labels: [],
    environment: {},
    is_disabled: false,
    is_for_everyone: true,
    allowed_users: [],
    desktops: 0,
    unavailable_reason: null,
    ...different,
  }
}
