#!/usr/bin/env node
// Turns what Trunk made for a release into what is served. Trunk runs it after each build (Trunk.toml), before the
// result takes its place in dist/; of a development build, only wasm-bindgen's script changes.
//
// Before: index.html, its stylesheet, wasm-bindgen's script and wasm of both modules, and the loader's modules.
// After:  index.html, one stylesheet, for each module one script and one wasm (both without what the other never uses),
//         and one file of texts for each further language, each under a name that changes with its content, and each
//         also as .br and .gz. No inline script or style, and every address relative.
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { bundleRelease, bundleStyle, catalogues, glueFactory, PARTS } from './bundle.mjs'
import { brotli, gzip } from './compress.mjs'

const stage = process.env.TRUNK_STAGING_DIR
/** What is loaded on demand, as Trunk names it. */
const EXTRAS = { glue: 'bigkey-extras.js', wasm: 'bigkey-extras_bg.wasm' }
if (process.env.TRUNK_PROFILE !== 'release') {
  // The loader takes wasm-bindgen's script as a function (src/loader/page.js).
  const [, name] = /data-module="([^"]+)"/.exec(fs.readFileSync(path.join(stage, 'index.html'), 'utf8'))
  for (const file of [path.basename(name), EXTRAS.glue].map((name) => path.join(stage, name))) fs.writeFileSync(file, await glueFactory(file))
  process.exit(0)
}

/** 16 hex digits of the content, at least one of them a decimal digit, so that servers know the name for a hash. */
function hash(bytes) {
  const hex = crypto.createHash('sha256').update(bytes).digest('hex')
  return /\d/.test(hex.slice(0, 16)) ? hex.slice(0, 16) : hex.slice(16, 32)
}
const read = (name) => fs.readFileSync(path.join(stage, name))
function write(name, bytes) {
  fs.writeFileSync(path.join(stage, name), bytes)
  return name
}
/** What `pattern` (one group) finds in the page, exactly once. */
function only(html, pattern, what) {
  const found = [...html.matchAll(pattern)]
  if (found.length !== 1) throw new Error(`index.html holds ${found.length} of ${what}, expected one`)
  return found[0]
}

let html = read('index.html').toString()

// ---- what is loaded on demand: first, since the script of the first view names it
let extrasWasmFile
const extras = await bundleRelease({
  entry: 'src/loader/extras.js',
  glue: path.join(stage, EXTRAS.glue),
  wasm: path.join(stage, EXTRAS.wasm),
  name: (bytes) => (extrasWasmFile = `bigkey-extras-${hash(bytes)}_bg.wasm`),
  formats: true,
})
write(extrasWasmFile, extras.wasm)
const extrasFile = write(`bigkey-extras-${hash(extras.script)}.js`, extras.script)

// ---- script: the loader and wasm-bindgen's module in one
const script = only(html, /<script type="module" src="[^"]*" data-module="([^"]+)" data-wasm="([^"]+)"><\/script>/g, 'the loader script')
const [glueName, wasmName] = [script[1], script[2]].map((address) => path.basename(address))
const texts = {}
for (const { tag, bytes } of catalogues()) texts[tag] = write(`bigkey-tasks-${tag}-${hash(bytes)}.json`, bytes)
let wasmFile
const { script: js, wasm, named } = await bundleRelease({
  entry: 'src/loader/entry.js',
  glue: path.join(stage, glueName),
  wasm: path.join(stage, wasmName),
  name: (bytes) => (wasmFile = `bigkey-tasks-${hash(bytes)}_bg.wasm`),
  texts,
  extras: `./${extrasFile}`,
  forPage: true,
})
write(wasmFile, wasm)
const jsFile = write(`bigkey-tasks-${hash(js)}.js`, js)

// ---- stylesheet, from its source, so that @import works
const style = only(html, /<link rel="stylesheet" href="([^"]+)"[^>]*>/g, 'the stylesheet')
const styleName = path.basename(style[1]).replace(/-[0-9a-f]{1,16}(?=\.css$)/, '')
const css = await bundleStyle(path.join('style', styleName))
const cssFile = write(`${path.parse(styleName).name}-${hash(css)}.css`, css)

// ---- page
html = html
  .replace(script[0], '')
  // After what is to be seen before it runs; not as a module, which would run only once that is drawn.
  .replace('</body>', () => `<script src="./${jsFile}"></script></body>`)
  .replace(style[0], () => [
    `<link rel="stylesheet" href="./${cssFile}">`,
    // The same mode and credentials as a plain fetch(), or it would be fetched twice.
    `<link rel="preload" as="fetch" type="application/wasm" crossorigin href="./${wasmFile}">`,
  ].join(''))
  .replace(/<!--[^]*?-->/g, '')
  .replace(/\s+/g, ' ')
  .replace(/<head>[^]*<\/head>/, (head) => head.replace(/> </g, '><'))
  .trim()
for (const [pattern, what] of [[/<script(?![^>]*\ssrc=)/i, 'an inline script'], [/<style|\sstyle=/i, 'an inline style'], [/\son[a-z]+\s*=/i, 'an inline handler'], [/(?:src|href)="(?:\/|https?:)/i, 'an address that is not relative']]) {
  if (pattern.test(html)) throw new Error(`index.html holds ${what}, which a strict host would block`)
}
write('index.html', html)

// ---- what the npm package is made from (scripts/package.mjs)
fs.rmSync(PARTS, { recursive: true, force: true })
fs.mkdirSync(PARTS, { recursive: true })
for (const [from, to] of [[glueName, 'bigkey-tasks.js'], [wasmName, 'bigkey-tasks.wasm'], [EXTRAS.glue, 'bigkey-extras.js'], [EXTRAS.wasm, 'bigkey-extras.wasm']]) {
  fs.copyFileSync(path.join(stage, from), path.join(PARTS, to))
}
fs.cpSync(path.join(stage, 'snippets'), path.join(PARTS, 'snippets'), { recursive: true })

// ---- what scripts/crates.mjs reads
fs.writeFileSync(path.join(PARTS, 'bigkey-tasks.named.wasm'), named)

// ---- what was only material, and the compressed forms
const keep = new Set(['index.html', wasmFile, jsFile, cssFile, extrasFile, extrasWasmFile])
for (const name of [wasmName, glueName, EXTRAS.wasm, EXTRAS.glue, path.basename(style[1]), 'loader', 'messages', 'snippets']) {
  if (!keep.has(name)) fs.rmSync(path.join(stage, name), { recursive: true, force: true })
}
for (const found of fs.readdirSync(stage, { withFileTypes: true, recursive: true })) {
  const file = path.join(found.parentPath ?? found.path, found.name)
  if (!found.isFile() || !/\.(html|js|css|wasm|json|svg|txt|webmanifest)$/.test(file)) continue
  const bytes = fs.readFileSync(file)
  fs.writeFileSync(`${file}.br`, brotli(bytes))
  fs.writeFileSync(`${file}.gz`, gzip(bytes))
}
