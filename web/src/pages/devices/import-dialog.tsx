import { plural, t } from '@lingui/core/macro'
import { Button, Checkbox, FileButton, Textarea } from '@mantine/core'
import '@mantine/core/styles/InlineInput.layer.css'
import '@mantine/core/styles/Checkbox.layer.css'
import { IconFileUpload } from '@tabler/icons-react'
import { useState, type DragEvent } from 'react'
import { useImport, type Import } from '../../api/devices'
import { messageOf } from '../../api/problem'
import { Dialog, DialogActions, dialogForm } from '../../components/dialog'
import { showProblem } from '../../components/notices'
import classes from './devices.module.css'
import { ImportPreview } from './import-preview'
import { ImportResult } from './import-result'
import { largestBytes, wrongRows } from './import-text'

const example = 'name,room,row,column\npc-01,Lab 1,1,1\npc-02,Lab 1,1,2'

/** Makes devices out of a CSV file: choose it, look at what each row would do, then write. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState('')
  const [written, setWritten] = useState<Import | null>(null)
  const preview = useImport()
  const look = (text: string) => {
    setFile(text)
    preview.mutate({ file: text, preview: true })
  }
  return (
    <Dialog title={t`Import devices`} isOpen onClose={onClose} size="xl">
      <div className={dialogForm}>
        {written ? (
          <ImportResult written={written} onClose={onClose} />
        ) : (
          <>
            <Source
              file={file}
              isBusy={preview.isPending}
              error={preview.error && messageOf(preview.error)}
              onChange={(text) => {
                setFile(text)
                preview.reset()
              }}
              onLook={look}
            />
            {preview.data && <Write file={file} preview={preview.data} onWritten={setWritten} />}
          </>
        )}
      </div>
    </Dialog>
  )
}

type SourceProps = {
  file: string
  isBusy: boolean
  error: string | null
  onChange: (text: string) => void
  onLook: (text: string) => void
}

function Source({ file, isBusy, error, onChange, onLook }: SourceProps) {
  const [isOver, setIsOver] = useState(false)
  const [tooLarge, setTooLarge] = useState<string | null>(null)
  const read = (chosen: File | null | undefined) => {
    if (!chosen) return
    setTooLarge(chosen.size > largestBytes ? t`${chosen.name} is larger than a megabyte. Split it in two.` : null)
    if (chosen.size <= largestBytes) void chosen.text().then(onLook)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    read(event.dataTransfer.files[0])
  }
  return (
    <div className={classes.source}>
      <div className={classes.fileRow}>
        <FileButton accept=".csv,text/csv,text/plain" onChange={read}>
          {(props) => (
            <Button {...props} variant="light" leftSection={<IconFileUpload size={18} aria-hidden="true" />}>
              {t`Choose a CSV file`}
            </Button>
          )}
        </FileButton>
        <span className={classes.soft}>{t`or drop or paste it below`}</span>
      </div>
      <Textarea
        label={t`Name each computer in a line, below the names of the columns: name, room, row, column, template`}
        placeholder={example}
        rows={5}
        w="100%"
        spellCheck={false}
        classNames={{ input: classes.csv ?? '' }}
        data-over={isOver || undefined}
        error={tooLarge ?? error}
        value={file}
        onDragOver={(event) => {
          event.preventDefault()
          setIsOver(true)
        }}
        onDragLeave={() => {
          setIsOver(false)
        }}
        onDrop={drop}
        onChange={(event) => {
          onChange(event.currentTarget.value)
        }}
      />
      <Button
        loading={isBusy}
        disabled={file.trim() === ''}
        onClick={() => {
          onLook(file)
        }}
      >
        {t`Look at what it would do`}
      </Button>
    </div>
  )
}

type WriteProps = { file: string; preview: Import; onWritten: (written: Import) => void }

function Write({ file, preview, onWritten }: WriteProps) {
  const [skipWrong, setSkipWrong] = useState(false)
  const write = useImport()
  const hasErrors = preview.errors.length > 0
  const submit = () => {
    write.mutateAsync({ file, skipWrong }).then((answer) => {
      if (answer.written) onWritten(answer)
    }, showProblem)
  }
  return (
    <>
      <ImportPreview file={file} answer={write.data ?? preview} />
      {hasErrors && (
        <Checkbox
          label={t`Leave out ${wrongRows(preview.errors.length)}`}
          description={t`Otherwise nothing is written until every row is right.`}
          checked={skipWrong}
          onChange={(event) => {
            setSkipWrong(event.currentTarget.checked)
          }}
        />
      )}
      <DialogActions>
        <Button
          loading={write.isPending}
          disabled={preview.devices.length === 0 || (hasErrors && !skipWrong)}
          onClick={submit}
        >
          {plural(preview.devices.length, { one: 'Import # device', other: 'Import # devices' })}
        </Button>
      </DialogActions>
    </>
  )
}
