// Fails where a catalogue lacks a message that the page says, or has one that it says no more: `npm run words` mends it.
import { getCatalogs } from '@lingui/cli/api'
import { getConfig } from '@lingui/conf'

const config = getConfig()
const [catalogue] = await getCatalogs(config)
const said = Object.keys(await catalogue.collect())
let isWhole = true
for (const locale of config.locales.filter((one) => one !== config.sourceLocale)) {
  const words = await catalogue.read(locale)
  report(locale, 'lacks', said.filter((id) => !words[id]?.translation), (id) => words[id]?.message ?? id)
  report(locale, 'has what is said nowhere', Object.keys(words).filter((id) => !said.includes(id)), (id) => words[id].message ?? id)
}
if (!isWhole) process.exit(1)

function report(locale, what, ids, textOf) {
  if (ids.length === 0) return
  isWhole = false
  console.error(`${catalogue.path.replace('{locale}', locale)}.po ${what}:\n${ids.map((id) => `  ${textOf(id)}`).join('\n')}`)
}
