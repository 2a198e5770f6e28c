import { transformAsync, types, type NodePath } from '@babel/core'
import macros from '@lingui/babel-plugin-lingui-macro'
import { compileMessage, type CompiledMessage } from '@lingui/message-utils/compileMessage'
import type { Plugin } from 'vite'

/** Makes calls of `t`, `plural` and `Trans`; their English is compiled here, so that browsers need no parser of messages. */
export function linguiMacros(): Plugin {
  return {
    name: 'lingui-macros',
    enforce: 'pre',
    transform: {
      filter: { id: /\.tsx?$/, code: /@lingui\/(core|react)\/macro/ },
      handler: async (code, file) => {
        const made = await transformAsync(code, {
          filename: file,
          babelrc: false,
          configFile: false,
          sourceMaps: true,
          parserOpts: { plugins: file.endsWith('x') ? ['typescript', 'jsx'] : ['typescript'] },
          plugins: [[macros, { stripMessageField: false }], { visitor: { ObjectExpression: compileEnglish } }],
        })
        return made?.code ? { code: made.code, map: made.map ?? null } : null
      },
    },
  }
}

function compileEnglish({ node }: NodePath<types.ObjectExpression>): void {
  if (!node.leadingComments?.some(({ value }) => value === 'i18n')) return
  for (const property of node.properties) {
    if (types.isObjectProperty(property) && types.isIdentifier(property.key, { name: 'message' }) && types.isStringLiteral(property.value)) {
      const message = compileMessage(property.value.value)
      if (!arePlainWords(message)) property.value = types.valueToNode(message)
    }
  }
}

function arePlainWords(message: CompiledMessage): boolean {
  return message.length === 1 && typeof message[0] === 'string'
}
