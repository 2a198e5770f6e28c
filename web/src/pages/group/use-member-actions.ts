import { t } from '@lingui/core/macro'
import { usePutMembers, useTakeMemberAway, type GroupDetails, type Member } from '../../api/groups'
import { showDone, showProblem } from '../../components/notices'

/** What can be done with a member of a group, each with a way back. */
export function useMemberActions(group: GroupDetails, member: Member) {
  const put = usePutMembers()
  const take = useTakeMemberAway()
  const name = member.full_name ?? member.username
  const set = (is_administrator: boolean) =>
    put.mutateAsync({ group: group.id, members: [{ user_id: member.id, is_administrator }] })
  const entrust = (isEntrusted: boolean) => {
    const message = isEntrusted ? t`${name} looks after ${group.name}.` : t`${name} looks after ${group.name} no longer.`
    set(isEntrusted).then(() => {
      showDone(message, {
        label: t`Undo`,
        run: () => {
          set(!isEntrusted).catch(showProblem)
        },
      })
    }, showProblem)
  }
  const takeAway = () => {
    take.mutateAsync({ group: group.id, user: member.id }).then(() => {
      showDone(t`${name} is not in ${group.name} any more.`, {
        label: t`Undo`,
        run: () => {
          set(member.is_administrator).catch(showProblem)
        },
      })
    }, showProblem)
  }
  return { takeAway, entrust }
}
