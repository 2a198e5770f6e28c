import { t } from '@lingui/core/macro'
import { iconNames, TemplateIcon } from '../../components/template-icon'
import type { FieldsProps } from './editor'
import classes from './templates.module.css'

/** The icons that a template may have. */
export function IconChoice({ wish, onChange }: FieldsProps) {
  return (
    <fieldset>
      <legend>{t`Icon`}</legend>
      <div className={classes.icons}>
        {iconNames.map((name) => (
          <label key={name} title={name}>
            <input
              type="radio"
              name="icon"
              aria-label={name.replaceAll('-', ' ')}
              checked={wish.icon === name}
              onChange={() => {
                onChange({ icon: name })
              }}
            />
            <TemplateIcon name={name} size={22} />
          </label>
        ))}
      </div>
    </fieldset>
  )
}
