// The tables of the documentation, from what api.mjs read: for the package's README and for examples/README.md.

const cell = (text) => String(text).replaceAll('|', '\\|')
const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n')
const code = (text) => (text ? (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``) : '')

export function tables(api) {
  const fields = (name) => api.types.find((type) => type.name === name).fields.map((field) => field.name).join(', ')
  return [
    '### Attributes and properties\n',
    'An attribute and its property are one value: whichever is set, the other follows, and what a person changes in the element is written back to them.\n',
    table(['Attribute', 'Property', 'Type', 'Default', 'Meaning'], api.attributes.map(({ name, property, type, fallback, text }) => [code(name), code(property), code(type), /\s/.test(fallback) ? fallback : code(fallback), text])),
    '\n### Events\n',
    'All bubble and cross shadow roots; `detail` is plain data.\n',
    table(['Event', 'When', '`detail`'], api.events.map(({ name, text, detail }) => [code(name), text, code(`{ ${fields(detail)} }`)])),
    '\n### Methods\n',
    table(['Method', 'Does'], api.methods.map(({ name, signature, text }) => [code(name + signature), text])),
    '\n### Parts\n',
    'For `bigkey-tasks::part(name)`.\n',
    table(['Part', 'What it is'], api.parts.map(({ name, text }) => [code(name), text])),
    '\n### Tokens\n',
    'Custom properties, set on the element or on anything around it.\n',
    table(['Property', 'For', 'Default'], api.tokens.map(({ name, text, fallback }) => [code(`--bigkey-${name}`), text, code(fallback)])),
  ].join('\n')
}

const START = '<!-- reference: made by scripts/package.mjs --docs -->'
const END = '<!-- end of reference -->'

/** `text` with what is between the two marks replaced by the tables. */
export function withTables(text, api) {
  const [start, end] = [text.indexOf(START), text.indexOf(END)]
  if (start < 0 || end < start) throw new Error(`the text needs the lines ${START} and ${END}`)
  return `${text.slice(0, start + START.length)}\n${tables(api)}\n${text.slice(end)}`
}
