import type { Group, GroupDetails, Member } from '../api/groups'

export function group(different: Partial<Group> = {}): Group {
  return {
    id: 3,
    name: 'Class 7b',
    slug: 'class-7b',
    description: 'Room 204',
    tracking: 'off',
    window_titles: false,
    people: 28,
    ...different,
  }
}

export function groupDetails(different: Partial<GroupDetails> = {}): GroupDetails {
  return { ...group(), nested: [], around: [], ...different }
}

export function member(different: Partial<Member> = {}): Member {
  return { id: 1, username: 'ada', full_name: 'Ada Lovelace', is_administrator: false, ...different }
}
