// How JavaScript, wasm and stylesheets become one small file each: used for dist/ and for the npm package.
import crypto from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { shorten } from './shorten.mjs'

export const source = path.resolve(import.meta.dirname, '..')
/** Where a release leaves what the package is made from: wasm-bindgen's script and wasm, and what was optimised. */
export const PARTS = path.join(source, 'target/release-parts')

const { esbuild, wasmOpt } = await load()

async function load() {
  try {
    return { esbuild: await import('esbuild'), ...(await import('./wasm-opt.mjs')) }
  } catch (cause) {
    throw new Error('the build needs its npm packages: npm --prefix scripts ci', { cause })
  }
}

const OPTIONS = { bundle: true, minify: true, write: false, legalComments: 'none', charset: 'utf8', target: ['es2022'], logLevel: 'warning', absWorkingDir: source }
/** Stands for the name of the wasm file in the loader's entries. */
const PLACEHOLDER = 'bigkey-wasm'

/** wasm-bindgen's module, so that what nobody uses can be left out. */
function cleaned(glue) {
  return glue
    .replace(/^if \(Symbol\.dispose\).*$/gm, '')
    .replaceAll('new FinalizationRegistry', '/* @__PURE__ */ new FinalizationRegistry')
    // A file of its own naming, which does not exist here and is never asked for.
    .replace(/new URL\('[^']*_bg\.wasm', import\.meta\.url\)/, 'undefined')
}

/** What it exports to the loader: not the streams between Rust and JavaScript, nor the start that blocks. */
function exportsOf(glue) {
  const names = [...glue.matchAll(/^export (?:async )?(?:class|function|const) (\w+)/gm)].map((m) => m[1])
  return ['default', ...names].filter((name) => !/^(IntoUnderlying|initSync)/.test(name))
}

/**
 * The loader's module `entry` (a path below the project) and wasm-bindgen's script in one, and the wasm, both without
 * what the other never uses: `{ wasm, js(name) }`, where `name` is the one that the wasm file gets. `glue` and `wasm`
 * are wasm-bindgen's files, `folder` is where they are.
 */
export async function bundleProgram({ entry, glue, wasm, folder, keep }) {
  const text = cleaned(fs.readFileSync(path.join(folder, glue), 'utf8'))
  const { contents } = (await esbuild.build({
    ...OPTIONS,
    entryPoints: [path.join(source, entry)],
    format: 'esm',
    plugins: [{
      name: 'wasm-bindgen',
      setup(build) {
        build.onResolve({ filter: /^bigkey-glue(-whole)?$/ }, ({ path }) => ({ path, namespace: 'glue' }))
        build.onLoad({ filter: /^bigkey-glue$/, namespace: 'glue' }, () => ({ contents: `export { ${exportsOf(text).join(', ')} } from 'bigkey-glue-whole'` }))
        build.onLoad({ filter: /^bigkey-glue-whole$/, namespace: 'glue' }, () => ({ contents: text, resolveDir: folder }))
      },
    }],
  })).outputFiles[0]
  const shortened = shorten(fs.readFileSync(path.join(folder, wasm)), Buffer.from(contents).toString())
  if (shortened.js.split(PLACEHOLDER).length !== 2) throw new Error(`${entry} must name '${PLACEHOLDER}' once`)
  return {
    wasm: optimised(shortened.wasm, keep),
    js: (name) => Buffer.from(shortened.js.replace(PLACEHOLDER, name)),
  }
}

/** The wasm, optimised; taken from the folder `keep` if the same was optimised before, and left there. */
function optimised(wasm, keep) {
  const kept = path.join(keep, `${crypto.createHash('sha256').update(wasm).update(fs.readFileSync(path.join(import.meta.dirname, 'wasm-opt.mjs'))).digest('hex')}.wasm`)
  if (fs.existsSync(kept)) return fs.readFileSync(kept)
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bigkey-'))
  fs.writeFileSync(path.join(scratch, 'in.wasm'), wasm)
  wasmOpt(path.join(scratch, 'in.wasm'), path.join(scratch, 'out.wasm'))
  fs.mkdirSync(keep, { recursive: true })
  fs.copyFileSync(path.join(scratch, 'out.wasm'), kept)
  fs.rmSync(scratch, { recursive: true })
  return fs.readFileSync(kept)
}

/** A stylesheet and what it imports in one; `file` is a path below the project. */
export async function bundleStyle(file) {
  return Buffer.from((await esbuild.build({ ...OPTIONS, entryPoints: [path.join(source, file)] })).outputFiles[0].contents)
}
