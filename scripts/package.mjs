#!/usr/bin/env node
// Makes the npm package from what a release build left (make build): package/, and in it bigkey-tasks-VERSION.tgz.
//   node scripts/package.mjs            the package
//   node scripts/package.mjs --docs     the tables in examples/README.md, from the same sources
//   node scripts/package.mjs --check    fails when those tables are out of date
import { spawnSync } from 'node:child_process'
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { bundleRelease, bundleStyle, catalogues, PARTS, source } from './bundle.mjs'
import { brotli, gzip } from './compress.mjs'
import { readApi } from './package/api.mjs'
import { tables, withTables } from './package/tables.mjs'
import * as types from './package/types.mjs'

const fail = (text) => { console.error(`error: ${text}`); process.exit(1) }
const api = readApi()

const guide = path.join(source, 'examples/README.md')
if (process.argv.includes('--docs') || process.argv.includes('--check')) {
  const before = fs.readFileSync(guide, 'utf8')
  const after = withTables(before, api)
  if (before !== after && process.argv.includes('--check')) fail('the tables in examples/README.md are out of date: node scripts/package.mjs --docs')
  if (before !== after) fs.writeFileSync(guide, after)
  process.exit(0)
}

const out = path.join(source, 'package')
const part = (name) => path.join(PARTS, name)
if (!fs.existsSync(part('bigkey-tasks.js'))) fail('there is nothing to make the package from: make build')
fs.rmSync(out, { recursive: true, force: true })
fs.mkdirSync(path.join(out, 'themes'), { recursive: true })
const write = (name, content) => fs.writeFileSync(path.join(out, name), content)

// ---- scripts and wasm, of the first view and of what is loaded on demand, and the texts in further languages
const [WASM, EXTRAS, EXTRAS_WASM] = ['bigkey-tasks_bg.wasm', 'bigkey-extras.js', 'bigkey-extras_bg.wasm']
// A bundler may turn a file of less than 4 KiB into a data: address, which a strict connect-src forbids to fetch.
const LEAST = 4096
const languages = catalogues().map(({ tag, bytes }) => ({ tag, file: `bigkey-tasks.${tag}.json`, bytes: Buffer.from(bytes.toString().padEnd(LEAST)) }))
const runtime = [] // [name, bytes] of each file
async function bundle(entry, script, wasm, texts) {
  const made = await bundleRelease({
    entry, glue: part(script), wasm: part(script.replace(/js$/, 'wasm')), name: () => `./${wasm}`, texts, extras: `./${EXTRAS}`, formats: script === EXTRAS,
  })
  for (const name of [wasm, ...Object.values(texts)].map((name) => path.basename(name))) {
    if (!made.script.includes(`new URL("./${name}",import.meta.url)`)) fail(`${script} does not name ${name} so that bundlers see it`)
  }
  runtime.push([script, made.script], [wasm, made.wasm])
  return made.script
}
const script = await bundle('src/loader/package/entry.js', 'bigkey-tasks.js', WASM, Object.fromEntries(languages.map(({ tag, file }) => [tag, `./${file}`])))
await bundle('src/loader/extras.js', EXTRAS, EXTRAS_WASM, {})
if (!script.includes(`import("./${EXTRAS}")`)) fail('bigkey-tasks.js does not import what it loads on demand so that bundlers see it')
for (const { file, bytes } of languages) runtime.push([file, bytes])
for (const [name, bytes] of runtime) write(name, bytes)

// ---- what else is in it
const themes = fs.readdirSync(path.join(source, 'style/themes')).filter((name) => name.endsWith('.css')).sort()
for (const name of themes) {
  const text = await bundleStyle(`style/themes/${name}`)
  for (const [token] of text.toString().matchAll(/--bigkey-[\w-]+(?=:)/g)) {
    if (!api.tokens.some((each) => `--bigkey-${each.name}` === token)) fail(`themes/${name} sets ${token}, which does not exist`)
  }
  write(`themes/${name}`, text)
}
write('index.d.ts', types.index(api))
for (const name of ['react', 'vue', 'svelte']) write(`${name}.d.ts`, types[name]())
write('custom-elements.json', `${JSON.stringify(types.manifest(api), null, 2)}\n`)
fs.copyFileSync(path.join(source, 'LICENSE'), path.join(out, 'LICENSE'))

const integrity = `sha384-${crypto.createHash('sha384').update(script).digest('base64')}`
const number = (n) => n.toLocaleString('en-US')
const size = (name, bytes) => `| \`${name}\` | ${number(bytes.length)} | ${number(gzip(bytes).length)} | ${number(brotli(bytes).length)} |`
const typed = (name) => ({ types: `./${name}.d.ts`, default: './bigkey-tasks.js' })
write('package.json', `${JSON.stringify({
  name: 'bigkey-tasks', version: api.version, description: api.description, license: api.license, type: 'module',
  keywords: ['custom-element', 'web-component', 'webassembly', 'redis', 'dcs'],
  main: './bigkey-tasks.js', module: './bigkey-tasks.js', types: './index.d.ts', customElements: './custom-elements.json',
  exports: {
    '.': typed('index'),
    './wasm': `./${WASM}`,
    ...Object.fromEntries(languages.map(({ tag, file }) => [`./texts/${tag}`, `./${file}`])),
    './extras-wasm': `./${EXTRAS_WASM}`,
    './themes/*.css': './themes/*.css',
    './types': { types: './index.d.ts' },
    './react': typed('react'), './vue': typed('vue'), './svelte': typed('svelte'),
    './custom-elements.json': './custom-elements.json',
    './package.json': './package.json',
  },
  // Importing it defines the element, and a theme is nothing but its effect.
  sideEffects: ['./bigkey-tasks.js', './themes/*.css'],
  files: [...runtime.map(([name]) => name), '*.d.ts', 'custom-elements.json', 'themes'],
}, null, 2)}\n`)
write('README.md', fs.readFileSync(path.join(import.meta.dirname, 'package/README.md'), 'utf8')
  .replaceAll('{{version}}', api.version)
  .replaceAll('{{integrity}}', integrity)
  .replaceAll('{{themes}}', themes.map((name) => `\`themes/${name}\``).join(', '))
  .replace('{{sizes}}', runtime.map(([name, bytes]) => size(name, bytes)).join('\n'))
  .replace('{{reference}}', () => tables(api)))
write('integrity.txt', `${integrity}\n`)

// ---- the tarball
const packed = spawnSync('npm', ['pack', '--json', '--loglevel=error', '--ignore-scripts', '--pack-destination', out], { cwd: out, encoding: 'utf8' })
if (packed.status !== 0) fail(`npm pack: ${packed.stderr}`)
const [tarball] = Object.values(JSON.parse(packed.stdout))
console.log(`  package/${tarball.filename}: ${number(tarball.size)} bytes, ${tarball.files.length} files`)
console.log(`  bigkey-tasks.js  ${integrity}`)
