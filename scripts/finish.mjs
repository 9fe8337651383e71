#!/usr/bin/env node
// Turns what Trunk made for a release into what is served. Trunk runs it after each build (Trunk.toml), before the
// result takes its place in dist/; a development build is left as it is.
//
// Before: index.html, its stylesheet, wasm-bindgen's script and wasm, and the loader's modules.
// After:  index.html, one stylesheet, one script, one wasm (both without what the other never uses), each under a name that changes with its content, and each
//         also as .br and .gz. No inline script or style, and every address relative.
import crypto from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { brotli, gzip } from './compress.mjs'
import { shorten } from './shorten.mjs'

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

// ---- script: the loader and wasm-bindgen's module in one
const script = only(html, /<script type="module" src="[^"]*" data-module="([^"]+)" data-wasm="([^"]+)"><\/script>/g, 'the loader script')
const [glueName, wasmName] = [script[1], script[2]].map((address) => path.basename(address))
/** Stands for the name of the wasm file in src/loader/entry.js. */
const PLACEHOLDER = 'bigkey-wasm'

/** wasm-bindgen's module, so that what nobody uses can be left out. */
function glue() {
  return read(glueName).toString()
    .replace(/^if \(Symbol\.dispose\).*$/gm, '')
    .replaceAll('new FinalizationRegistry', '/* @__PURE__ */ new FinalizationRegistry')
    // A file of its own naming, which does not exist here and is never asked for.
    .replace(/new URL\('[^']*_bg\.wasm', import\.meta\.url\)/, 'undefined')
}

/** What it exports to the loader: not the streams between Rust and JavaScript, nor the start that blocks. */
function glueExports(text) {
  const names = [...text.matchAll(/^export (?:async )?(?:class|function|const) (\w+)/gm)].map((m) => m[1])
  return ['default', ...names].filter((name) => !/^(IntoUnderlying|initSync)/.test(name))
}

const { contents: bundled } = (await esbuild.build({
  ...BUNDLE,
  entryPoints: [path.join(source, 'src/loader/entry.js')],
  format: 'esm',
  plugins: [{
    name: 'wasm-bindgen',
    setup(build) {
      build.onResolve({ filter: /^bigkey-glue(-whole)?$/ }, ({ path }) => ({ path, namespace: 'glue' }))
      build.onLoad({ filter: /^bigkey-glue$/, namespace: 'glue' }, () => ({ contents: `export { ${glueExports(glue()).join(', ')} } from 'bigkey-glue-whole'` }))
      build.onLoad({ filter: /^bigkey-glue-whole$/, namespace: 'glue' }, () => ({ contents: glue(), resolveDir: stage }))
    },
  }],
})).outputFiles[0]
const shortened = shorten(read(wasmName), Buffer.from(bundled).toString())

// ---- wasm
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bigkey-'))
fs.writeFileSync(path.join(scratch, 'in.wasm'), shortened.wasm)
wasmOpt(path.join(scratch, 'in.wasm'), path.join(scratch, 'out.wasm'))
const wasm = fs.readFileSync(path.join(scratch, 'out.wasm'))
fs.rmSync(scratch, { recursive: true })
const wasmFile = write(`bigkey-tasks-${hash(wasm)}_bg.wasm`, wasm)

if (shortened.js.split(PLACEHOLDER).length !== 2) throw new Error(`src/loader/entry.js must name '${PLACEHOLDER}' once`)
const js = Buffer.from(shortened.js.replace(PLACEHOLDER, wasmFile))
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
