#!/usr/bin/env node
// Turns what Trunk made for a release into what is served. Trunk runs it after each build (Trunk.toml), before the
// result takes its place in dist/; a development build is left as it is.
//
// Before: index.html, its stylesheet, wasm-bindgen's script and wasm, and the loader's modules.
// After:  index.html, one stylesheet, one script, one wasm, each under a name that changes with its content, and each
//         also as .br and .gz. No inline script or style, and every address relative.
import crypto from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { brotli, gzip } from './compress.mjs'

if (process.env.TRUNK_PROFILE !== 'release') process.exit(0)

const source = path.resolve(import.meta.dirname, '..')
const stage = process.env.TRUNK_STAGING_DIR
const { esbuild, wasmOpt } = await load()

async function load() {
  try {
    return { esbuild: await import('esbuild'), ...(await import('./wasm-opt.mjs')) }
  } catch (cause) {
    throw new Error('the build needs its npm packages: npm --prefix scripts ci', { cause })
  }
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

const TARGET = ['es2022']
const BUNDLE = { bundle: true, minify: true, write: false, legalComments: 'none', charset: 'utf8', target: TARGET, logLevel: 'warning', absWorkingDir: source }
let html = read('index.html').toString()

// ---- wasm
const script = only(html, /<script type="module" src="[^"]*" data-module="([^"]+)" data-wasm="([^"]+)"><\/script>/g, 'the loader script')
const [glueName, wasmName] = [script[1], script[2]].map((address) => path.basename(address))
const optimised = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'bigkey-')), 'optimised.wasm')
wasmOpt(path.join(stage, wasmName), optimised)
const wasm = fs.readFileSync(optimised)
fs.rmSync(path.dirname(optimised), { recursive: true })
const wasmFile = write(`bigkey-tasks-${hash(wasm)}_bg.wasm`, wasm)

// ---- script: the loader and wasm-bindgen's module in one
const PLACEHOLDER = "'bigkey-wasm'"
const entry = path.join(source, 'src/loader/entry.js')
const bundled = await esbuild.build({
  ...BUNDLE,
  entryPoints: [entry],
  format: 'esm',
  alias: { 'bigkey-glue': path.join(stage, glueName) },
  plugins: [{
    name: 'wasm-file',
    setup(build) {
      build.onLoad({ filter: /[\\/]src[\\/]loader[\\/]entry\.js$/ }, () => {
        const text = fs.readFileSync(entry, 'utf8')
        if (text.split(PLACEHOLDER).length !== 2) throw new Error(`entry.js must name ${PLACEHOLDER} once`)
        return { contents: text.replace(PLACEHOLDER, JSON.stringify(wasmFile)), loader: 'js' }
      })
      // wasm-bindgen's module falls back to a file of its own naming, which does not exist here and is never asked for.
      build.onLoad({ filter: new RegExp(`[\\\\/]${glueName.replaceAll('.', '\\.')}$`) }, () => ({
        contents: read(glueName).toString().replace(/new URL\('[^']*_bg\.wasm', import\.meta\.url\)/, 'undefined'), loader: 'js',
      }))
    },
  }],
})
const js = bundled.outputFiles[0].contents
const jsFile = write(`bigkey-tasks-${hash(js)}.js`, js)

// ---- stylesheet, from its source, so that @import works
const style = only(html, /<link rel="stylesheet" href="([^"]+)"[^>]*>/g, 'the stylesheet')
const styleName = path.basename(style[1]).replace(/-[0-9a-f]{1,16}(?=\.css$)/, '')
const css = (await esbuild.build({ ...BUNDLE, entryPoints: [path.join(source, 'style', styleName)] })).outputFiles[0].contents
const cssFile = write(`${path.parse(styleName).name}-${hash(css)}.css`, css)

// ---- page
html = html
  .replace(script[0], () => `<script type="module" src="./${jsFile}"></script>`)
  .replace(style[0], () => [
    `<link rel="stylesheet" href="./${cssFile}">`,
    `<link rel="modulepreload" href="./${jsFile}">`,
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

// ---- what was only material, and the compressed forms
const keep = new Set(['index.html', wasmFile, jsFile, cssFile])
for (const name of [wasmName, glueName, path.basename(style[1]), 'loader', 'snippets']) {
  if (!keep.has(name)) fs.rmSync(path.join(stage, name), { recursive: true, force: true })
}
for (const found of fs.readdirSync(stage, { withFileTypes: true, recursive: true })) {
  const file = path.join(found.parentPath ?? found.path, found.name)
  if (!found.isFile() || !/\.(html|js|css|wasm|json|svg|txt|webmanifest)$/.test(file)) continue
  const bytes = fs.readFileSync(file)
  fs.writeFileSync(`${file}.br`, brotli(bytes))
  fs.writeFileSync(`${file}.gz`, gzip(bytes))
}
