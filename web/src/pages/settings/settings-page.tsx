import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { settingsQuery, type Setting } from '../../api/settings'
import table from '../../components/data-table.module.css'
import { Empty } from '../../components/empty'
import { LoadFailure } from '../../components/load-failure'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { SearchField } from '../../components/search-field'
import { useUser } from '../../components/signed-in'
import classes from './settings.module.css'
import { sourceWords, valueWords } from './words'

/** What the server is set to, and where that comes from. It is changed there. */
export default function SettingsPage() {
  const [text, setText] = useState('')
  const { data, error, refetch } = useQuery(settingsQuery)
  const words = text.toLowerCase().split(/\s+/)
  const found = data?.filter(({ name, meaning }) => words.every((word) => `${name} ${meaning}`.toLowerCase().includes(word)))
  return (
    <PageFrame title={t`Settings`} user={useUser()}>
      <PageHead title={t`Settings`}>
        <SearchField label={t`Search the settings`} text={text} onChange={setText} />
      </PageHead>
      <p className={classes.aside}>
        <Trans>Settings are changed where they come from, and hold when the server is started anew. A setting is taken from the
        command line, else from the environment, else from <code>settings.toml</code> in the data folder, else it has its
        default. <code>docs/settings.md</code> tells more of them.</Trans>
      </p>
      {!data && error && (
        <LoadFailure title={t`The settings could not be loaded`} error={error} onRetry={() => void refetch()} />
      )}
      {!data && !error && <Skeleton height={420} radius={12} aria-hidden="true" />}
      {found && found.length > 0 && <SettingsTable settings={found} />}
      {found?.length === 0 && (
        <Empty text={t`No setting has all of these words in its name or meaning.`}>
          <Button
            variant="light"
            onClick={() => {
              setText('')
            }}
          >
            {t`Show all`}
          </Button>
        </Empty>
      )}
    </PageFrame>
  )
}

function SettingsTable({ settings }: { settings: Setting[] }) {
  return (
    <table className={`${table.table} ${classes.settings}`}>
      <thead>
        <tr>
          <th scope="col">{t`Setting`}</th>
          <th scope="col">{t`Value`}</th>
          <th scope="col">{t`From`}</th>
        </tr>
      </thead>
      <tbody>
        {settings.map((setting) => (
          <tr key={setting.name} data-set={setting.source !== 'default' || undefined}>
            <th scope="row">
              <code>{setting.name}</code>
              <p>{setting.meaning}</p>
            </th>
            <td>
              <code>{valueWords(setting)}</code>
            </td>
            <td>{sourceWords(setting)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
