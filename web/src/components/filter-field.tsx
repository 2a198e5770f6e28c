import { useSearchParams } from 'react-router'
import { SearchField } from './search-field'

type Props = { label: string; keys: string[]; filter: string; onChange: (filter: string) => void }

/** Takes a filter such as `ada room:"lab 1"`, of these keys. */
export function FilterField({ label, keys, filter, onChange }: Props) {
  return (
    <SearchField label={label} placeholder={keys.map((key) => `${key}:`).join(' ')} text={filter} onChange={onChange} />
  )
}

/** A filter that is kept in the page's address, so that it can be passed on. */
export function useFilter(): [string, (filter: string) => void] {
  const [parameters, setParameters] = useSearchParams()
  const setFilter = (filter: string) => {
    setParameters(filter === '' ? {} : { filter }, { replace: true })
  }
  return [parameters.get('filter') ?? '', setFilter]
}
