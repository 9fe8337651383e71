// How a release's script, wasm and stylesheets become small: used for dist/ and for the npm package.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { brotli } from './compress.mjs'
import { ordersByLikeness } from './order.mjs'
import { assertNoFormatting, shorten } from './shorten.mjs'
import { orderByName, wasmOpt } from './wasm-opt.mjs'
import { withFunctionNames } from './wasm.mjs'

export const source = path.resolve(import.meta.dirname, '..')
/** Where a release leaves what the package is made from: wasm-bindgen's scripts and wasm files, under the names of Cargo's. */
export const PARTS = path.join(source, 'target/release-parts')
/** Stands for the name of the wasm file in the loader's entries. */
const PLACEHOLDER = 'bigkey-wasm'
/** Where the texts in other languages than English are. The loader names each of these files once, by its place beside it. */
const MESSAGES = path.join(source, 'src/messages')

/** The texts in other languages than English: `[{ tag, bytes }]`, without their names: the loader takes them by their places. */
export const catalogues = () => fs.readdirSync(MESSAGES).filter((name) => name.endsWith('.json')).sort()
  .map((name) => ({ tag: path.parse(name).name, bytes: Buffer.from(JSON.stringify(Object.values(JSON.parse(fs.readFileSync(path.join(MESSAGES, name), 'utf8'))))) }))

/** `script` with `to` in the only place of `from`. */
function replaceOnce(script, from, to) {
  if (script.split(from).length !== 2) throw new Error(`the script must name '${from}' once`)
  return script.replace(from, () => to)
}

async function load() {
  try {
    return await import('esbuild')
  } catch (cause) {
    throw new Error('the build needs its npm packages: npm --prefix scripts ci', { cause })
  }
}

const OPTIONS = { bundle: true, minify: true, write: false, legalComments: 'none', charset: 'utf8', target: ['es2022'], logLevel: 'warning', absWorkingDir: source }

/**
 * Has a browser that knows it (V8) compile all of the list's script while it comes, and not each function in the middle of
 * the work that calls it first. Nearly all are called until the first view is there.
 */
const EAGER = '//# allFunctionsCalledOnLoad\n'

/** What the loader (src/loader/module.js) takes from wasm-bindgen's module with this text. */
const taken = (text) => ({ Exported: /^export class (App|Extras)\b/m.exec(text)[1], imports: '__wbg_get_imports', finish: '__wbg_finalize_init' })

/**
 * wasm-bindgen's module (the file `file`) as a function: it holds one instance of the wasm, so each call makes another. What
 * it imports, the parts of the project that are JavaScript (`snippets/` beside it), is inside.
 * What is given to it stands in place of the browser's own.
 */
export async function glueFactory(file) {
  const esbuild = await load()
  const original = fs.readFileSync(file, 'utf8')
  const names = taken(original)
  const text = original
    .replace(/^export (?=(?:async )?(?:class|function|const|let)\b)/gm, '')
    .replace(/^export \{[^}]*\};?$/gm, '')
    .replace(/^if \(Symbol\.dispose\).*$/gm, '')
    // For browsers without what a browser that takes this wasm (with reference types) has.
    .replace(/\(typeof FinalizationRegistry === 'undefined'\)\s*\? \{ register: [^\n]*\n\s*: /g, '')
    .replace(/^if \(!\('encodeInto' in cachedTextEncoder\)\) \{[^]*?^\}$/m, '')
    .replaceAll('new FinalizationRegistry', '/* @__PURE__ */ new FinalizationRegistry')
  const built = await esbuild.build({ ...OPTIONS, minify: false, format: 'esm', stdin: { contents: `${text}\nexport { ${Object.values(names).join(', ')} }`, resolveDir: path.dirname(file) } })
  const used = built.outputFiles[0].text.replace(/export \{[^}]*\};?\s*$/, '')
  const result = Object.entries(names).map(([name, value]) => `${name}: ${value}`).join(', ')
  return `export default (setTimeout, clearTimeout, AbortController) => {\n${used}\nreturn { ${result} }\n}\n`
}

/**
 * The loader's module `entry` (a path below the project) and wasm-bindgen's script (the file `glue`) in one, and the
 * wasm that goes with it (from the file `wasm`), both made as small as they get. `name` tells the name of the wasm
 * file, as the script shall spell it, from its bytes; `texts` that of each of the `catalogues`, by its tag; `extras` that of
 * the script that it loads on demand. `formats`: the module formats values as Rust does. `forPage`: the script is a classic
 * one for the page, no module for others. `named` is the wasm before it is optimised, with the names of its functions.
 */
export async function bundleRelease({ entry, glue, wasm, name, texts = {}, extras, formats = false, forPage = false }) {
  const text = await glueFactory(glue)
  const shortened = shorten(fs.readFileSync(wasm), await bundled(entry, text, extras, forPage), { formats })
  const readable = inFiles(wasmOpt, shortened.wasm)
  if (!formats) assertNoFormatting(readable)
  const optimised = inBestOrder(readable)
  // What the optimiser found to be unused on that side is so on this side as well.
  const used = new Set(WebAssembly.Module.imports(new WebAssembly.Module(optimised)).map(({ name }) => name))
  const needed = text.replace(/^( +)(__wb\w+): function\([^]*?^\1\},?\n/gm, (all, _, name) => (used.has(shortened.short(name)) ? all : ''))
  let script = (extras ? EAGER : '') + replaceOnce(shortened.rename(await bundled(entry, needed, extras, forPage)), PLACEHOLDER, name(optimised))
  for (const [tag, file] of Object.entries(texts)) script = replaceOnce(script, `../messages/${tag}.json`, file)
  return { script: Buffer.from(script), wasm: optimised, named: shortened.wasm }
}

/** `wasm` with its functions in the order in which it compresses best. */
function inBestOrder(wasm) {
  const files = ordersByLikeness(wasm).map((order) => {
    const names = new Map(order.map((number, place) => [number, String(place).padStart(6, '0')]))
    return inFiles(orderByName, withFunctionNames(wasm, names))
  })
  const size = new Map(files.map((file) => [file, brotli(file).length]))
  return files.reduce((best, file) => (size.get(file) < size.get(best) ? file : best))
}

/** What `work` makes of `bytes`, from one file to another. */
function inFiles(work, bytes) {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bigkey-'))
  const [input, output] = ['in.wasm', 'out.wasm'].map((name) => path.join(scratch, name))
  fs.writeFileSync(input, bytes)
  work(input, output)
  const made = fs.readFileSync(output)
  fs.rmSync(scratch, { recursive: true })
  return made
}

/** The loader's module `entry` and wasm-bindgen's script `glue` in one. */
async function bundled(entry, glue, extras, forPage) {
  const esbuild = await load()
  const built = await esbuild.build({
    ...OPTIONS,
    entryPoints: [path.join(source, entry)],
    format: 'esm',
    define: forPage ? { 'import.meta.url': 'document.currentScript.src' } : {},
    plugins: [{
      name: 'wasm-bindgen',
      setup(build) {
        build.onResolve({ filter: /^bigkey-glue$/ }, ({ path }) => ({ path, namespace: 'glue' }))
        build.onResolve({ filter: /^bigkey-extras$/ }, () => ({ path: extras, external: true }))
        build.onLoad({ filter: /./, namespace: 'glue' }, () => ({ contents: glue }))
      },
    }],
  })
  const script = built.outputFiles[0].text
  return forPage ? `(()=>{${script}})()` : script
}

/** A stylesheet and what it imports in one; `file` is a path below the project. */
export async function bundleStyle(file) {
  const esbuild = await load()
  return Buffer.from((await esbuild.build({ ...OPTIONS, entryPoints: [path.join(source, file)] })).outputFiles[0].contents)
}
