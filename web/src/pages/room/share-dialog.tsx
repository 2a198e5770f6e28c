import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconLinkOff } from '@tabler/icons-react'
import { useShareMap, useTakeMapBack, type Room } from '../../api/rooms'
import { Dialog, DialogActions, dialogForm } from '../../components/dialog'
import { showDone, showProblem } from '../../components/notices'
import { SecretField } from '../../components/secret-field'

type Props = { room: Room; isOpen: boolean; onClose: () => void }

/** Makes the link to the map without names, shows it once, and takes it back. */
export function ShareDialog({ room, isOpen, onClose }: Props) {
  return (
    <Dialog title={t`Public link to the map of ${room.name}`} isOpen={isOpen} onClose={onClose} size="lg">
      <Share room={room} />
    </Dialog>
  )
}

function Share({ room }: { room: Room }) {
  const share = useShareMap()
  const takeBack = useTakeMapBack()
  const link = room.has_map_link && share.data ? linkOf(share.data.token) : null
  return (
    <div className={dialogForm}>
      <p>{t`Whoever has the link sees which places are free, without any names, and without signing in.`}</p>
      {link && (
        <SecretField label={t`The link`} secret={link} description={t`It is shown now, and never again. Copy it.`} />
      )}
      {!link && room.has_map_link && <p>{t`There is a link. A new one takes its place.`}</p>}
      <DialogActions>
        {room.has_map_link && (
          <Button
            variant="default"
            leftSection={<IconLinkOff size={18} aria-hidden="true" />}
            loading={takeBack.isPending}
            onClick={() => {
              takeBack.mutateAsync(room.id).then(() => {
                showDone(t`The link is taken back.`)
              }, showProblem)
            }}
          >
            {t`Take the link back`}
          </Button>
        )}
        <Button
          loading={share.isPending}
          onClick={() => {
            share.mutateAsync(room.id).catch(showProblem)
          }}
        >
          {room.has_map_link ? t`Make a new link` : t`Make a link`}
        </Button>
      </DialogActions>
    </div>
  )
}

/** The token is in the fragment, which browsers never send. */
function linkOf(token: string): string {
  return `${window.location.origin}/map#${token}`
}
