// What the element offers, read from its sources: attributes and methods from the loader, types and events from Rust,
// parts from the view, tokens from the stylesheet. Throws when something there has no description, or the other way
// round, so that nothing a host can use goes unmentioned.
import fs from 'node:fs'
import path from 'node:path'
import * as words from './describe.mjs'

const root = path.resolve(import.meta.dirname, '../..')
const read = (name) => fs.readFileSync(path.join(root, name), 'utf8')
const camel = (name) => name.replace(/[-_](.)/g, (_, letter) => letter.toUpperCase())

/** `found` must be described by `described`, no more and no less. */
function matched(what, found, described) {
  const missing = found.filter((name) => !Object.hasOwn(described, name))
  const gone = Object.keys(described).filter((name) => !found.includes(name))
  if (missing.length) throw new Error(`${what} without a description in scripts/package/describe.mjs: ${missing.join(', ')}`)
  if (gone.length) throw new Error(`${what} described in scripts/package/describe.mjs that the sources do not have: ${gone.join(', ')}`)
}

// ---------------------------------------------------------------- Rust

/** The text from the `{` at `from` to the `}` that closes it. */
function block(text, from) {
  const start = text.indexOf('{', from)
  for (let depth = 0, at = start; at < text.length; at++) {
    if (text[at] === '{') depth++
    if (text[at] === '}' && --depth === 0) return text.slice(start + 1, at)
  }
  throw new Error('a block does not end')
}

/** The first paragraph of a comment. */
const doc = (lines) => lines.filter((line) => line.startsWith('///')).map((line) => line.slice(3).trim()).join('\n').split('\n\n')[0].replaceAll('\n', ' ')
  .replace(/\[`[^`]*`\]/g, (link) => link.slice(1, -1)).trim()

/** Every struct of a file that is serialised as it stands: `{ name, doc, fields: [{ name, rust, optional, doc }] }`. */
export function structs(text) {
  const found = []
  for (const match of text.matchAll(/((?:^[ \t]*(?:\/\/\/|#\[).*\n)*)^(?:pub )?struct (\w+)(?:<[^>]*>)? \{/gm)) {
    const head = match[1].split('\n').map((line) => line.trim())
    if (!head.some((line) => /^#\[derive\(.*\bSerialize\b/.test(line))) continue
    const attributes = head.filter((line) => line.startsWith('#[serde'))
    const isCamel = attributes.includes('#[serde(rename_all = "camelCase")]')
    if (attributes.length > (isCamel ? 1 : 0)) throw new Error(`${match[2]}: cannot read ${attributes.join(' ')}`)
    const fields = []
    let above = []
    for (const line of block(text, match.index).split('\n').map((each) => each.trim())) {
      if (!line || /^\/\/(?!\/)/.test(line)) continue
      if (line.startsWith('///') || line.startsWith('#[')) { above.push(line); continue }
      const field = /^(?:pub )?(\w+): (.+),$/.exec(line)
      if (!field) throw new Error(`${match[2]}: cannot read "${line}"`)
      const serde = above.filter((each) => each.startsWith('#[serde'))
      const known = ['#[serde(skip)]', '#[serde(skip_serializing_if = "Option::is_none")]']
      if (serde.some((each) => !known.includes(each))) throw new Error(`${match[2]}.${field[1]}: cannot read ${serde.join(' ')}`)
      if (!serde.includes(known[0])) fields.push({ name: isCamel ? camel(field[1]) : field[1], rust: field[2], optional: serde.includes(known[1]), doc: doc(above) })
      above = []
    }
    found.push({ name: match[2], doc: doc(head), fields })
  }
  return found
}

/** The words that an enum's `as_str` gives. */
function wordsOf(text, name) {
  const body = block(text, text.search(new RegExp(`^impl ${name} \\{`, 'm')))
  const found = [...block(body, body.indexOf('fn as_str')).matchAll(/=> "([^"]*)"/g)].map((each) => each[1])
  if (!found.length) throw new Error(`${name}: no words found`)
  return found
}

/** Every type of plain data that the macro `details!` makes, in the form of `structs`. */
function details(text) {
  const all = block(text, text.search(/^details! \{/m))
  return [...all.matchAll(/((?:^[ \t]*\/\/\/.*\n)*)^ *struct (\w+)<'a> \{/gm)].map((match) => ({
    name: match[2],
    doc: doc(match[1].split('\n').map((line) => line.trim())),
    fields: block(all, match.index).split('\n').map((line) => line.trim()).filter(Boolean).map((line) => {
      const field = /^\w+ as "(\w+)": (.+),$/.exec(line)
      if (!field) throw new Error(`${match[2]}: cannot read "${line}"`)
      return { name: field[1], rust: field[2], optional: false, doc: '' }
    }),
  }))
}

const union = (names) => names.map((name) => `'${name}'`).join(' | ')

// ---------------------------------------------------------------- all of it

export function readApi() {
  const [loader, entry] = [read('src/loader/element.js') + read('src/loader/module.js'), read('src/loader/package/entry.js')]
  const [model, events, query, api] = ['model', 'events', 'query', 'api'].map((name) => read(`src/${name}.rs`))

  // attributes
  const list = /const ATTRIBUTES = \[([^\]]*)\]/.exec(loader)
  if (!list) throw new Error('element.js: no list of attributes found')
  const names = [...list[1].matchAll(/'([^']+)'/g)].map((each) => each[1])
  if (!names.includes('wasm-url') && entry.includes("'wasm-url'")) names.push('wasm-url')
  matched('attributes', names, words.ATTRIBUTES)
  const isProperty = (name) => list[1].includes(`'${name}'`)
  const attributes = names.map((name) => ({ name, property: isProperty(name) ? camel(name) : undefined, ...words.ATTRIBUTES[name] }))

  // methods
  const methods = Object.keys(words.METHODS)
    .filter((name) => new RegExp(`^ {2}(?:async |get )?${name}\\(`, 'm').test(loader))
    .map((name) => ({ name, ...words.METHODS[name] }))
  if (!methods.some(({ name }) => name === 'refresh')) throw new Error('element.js: no method refresh found')

  // types
  const filter = wordsOf(query, 'StatusFilter')
  const kinds = [...block(api, api.indexOf("pub fn kind(&self) -> &'static str")).matchAll(/=> "(\w+)"/g)].map((each) => each[1])
  const own = [...new Set([...loader.matchAll(/\bkind: ([^,\n]+)/g)].flatMap((each) => [...each[1].matchAll(/'(\w+)'/g)].map((word) => word[1])))]
  if (!own.length) throw new Error('element.js: no kinds of failure found')
  const reasons = [...block(loader, loader.indexOf('const REASONS =')).matchAll(/^ {2}(\w+):/gm)].map((each) => each[1])
  const scalar = { String: 'string', '&str': 'string', bool: 'boolean', u64: 'number', u32: 'number', u16: 'number', usize: 'number', f64: 'number' }
  const open = ' | (string & {})'
  const typeNames = { Task: 'BigkeyTask', TaskStatus: 'BigkeyTaskStatus', ScanType: 'BigkeyScanType', QueryDetail: 'BigkeyQuery', LoadDetail: 'BigkeyLoadDetail', ErrorDetail: 'BigkeyErrorDetail', QueryChangeDetail: 'BigkeyQueryChangeDetail', TaskDetail: 'BigkeyTaskDetail' }
  const typescript = (rust, where) => {
    const plain = rust.replace(/&'\w+ /g, '&').replace(/<'\w+>/g, '').trim()
    const inner = /^(Option|Vec)<(.+)>$/.exec(plain)
    if (inner) return inner[1] === 'Vec' ? `${typescript(inner[2], where)}[]` : `${typescript(inner[2], where)} | null`
    const slice = /^&\[(.+)\]$/.exec(plain)
    if (slice) return `${typescript(slice[1], where)}[]`
    const type = scalar[plain] ?? typeNames[plain.replace(/^&/, '')]
    if (!type) throw new Error(`${where}: no type known for ${rust}`)
    return type
  }
  const wanted = [...structs(model).filter(({ name }) => name === 'Task'), ...details(events)]
  for (const { name } of wanted) if (!typeNames[name]) throw new Error(`${name}: no name for it in the type definitions`)
  const special = { 'QueryDetail.status': 'BigkeyStatusFilter', 'ErrorDetail.kind': 'BigkeyErrorKind', 'ErrorDetail.query': 'BigkeyQuery | null' }
  const types = wanted.map((struct) => ({
    name: typeNames[struct.name],
    doc: struct.doc,
    fields: struct.fields.map((field) => {
      const where = `${struct.name}.${field.name}`
      const text = field.doc || words.FIELDS_OF[struct.name]?.[field.name] || words.FIELDS[field.name]
      if (!text) throw new Error(`${where} has no description`)
      const rust = field.optional ? field.rust.replace(/^Option<(.+)>$/, '$1') : field.rust
      return { name: field.name, optional: field.optional, type: special[where] ?? typescript(rust, where), doc: text }
    }),
  }))
  const aliases = [
    { name: 'BigkeyTaskStatus', doc: 'Where a task stands. A value that is not documented stays as it came.', type: union(wordsOf(model, 'TaskStatus')) + open },
    { name: 'BigkeyScanType', doc: 'How a task was started. A value that is not documented stays as it came.', type: union(wordsOf(model, 'ScanType')) + open },
    { name: 'BigkeyStatusFilter', doc: 'Which tasks are listed; empty for all.', type: union(filter) },
    { name: 'BigkeyErrorKind', doc: 'What kind of failure: the service refused, its answer cannot be read, there was none, or the element itself failed.', type: union([...kinds.filter((kind) => kind !== 'aborted'), ...own]) },
    { name: 'BigkeyStartFailure', doc: 'The `errorCode` of an element that could not start.', type: union(reasons) },
  ]

  // events
  const dispatched = [...events.matchAll(/dispatch\(host, "([^"]+)", &(?:(\w+) \{|detail)[^;]*?, (true|false)\)/g)].map((each) => ({ name: each[1], struct: each[2], cancelable: each[3] === 'true' }))
  matched('events', dispatched.map(({ name }) => name), words.EVENTS)
  for (const { name, struct } of dispatched) if (struct && typeNames[struct] !== words.EVENTS[name].detail) throw new Error(`${name}: its detail is ${struct}`)

  // parts
  const view = ['src/view.rs', ...['src/view', 'src/extras'].flatMap((folder) => fs.readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}`))].map(read).join('\n') + loader
  const parts = [...new Set([...view.matchAll(/\[part=([\w-]+)\]|["']part["'], ["']([\w-]+)["']\)/g)].map((each) => each[1] ?? each[2]))].sort()
  matched('parts', parts, words.PARTS)

  // tokens
  const tokens = []
  for (const declared of read('style/tokens.css').matchAll(/^\s+--[\w-]+: var\(--bigkey-([\w-]+), (.*)\);$/gm)) {
    if (!tokens.some(({ name }) => name === declared[1])) tokens.push({ name: declared[1], fallback: declared[2] })
  }
  matched('tokens', tokens.map(({ name }) => name), words.TOKENS)

  const version = /^version = "([^"]+)"/m.exec(read('Cargo.toml'))[1]
  const description = /^description = "([^"]+)"/m.exec(read('Cargo.toml'))[1]
  const license = /^license = "([^"]+)"/m.exec(read('Cargo.toml'))[1]
  return {
    version, description, license, attributes, methods, types, aliases,
    events: dispatched.map(({ name, cancelable }) => ({ name, cancelable, ...words.EVENTS[name] })),
    parts: parts.map((name) => ({ name, text: words.PARTS[name] })),
    tokens: tokens.map((token) => ({ ...token, text: words.TOKENS[token.name] })),
  }
}
