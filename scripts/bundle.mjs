// How JavaScript and stylesheets become one small file each: used for dist/ and for the npm package.
import fs from 'node:fs'
import path from 'node:path'

export const source = path.resolve(import.meta.dirname, '..')
/** Where a release leaves what the package is made from: wasm-bindgen's script and the optimised wasm. */
export const PARTS = path.join(source, 'target/release-parts')

async function load() {
  try {
    return await import('esbuild')
  } catch (cause) {
    throw new Error('the build needs its npm packages: npm --prefix scripts ci', { cause })
  }
}

const OPTIONS = { bundle: true, minify: true, write: false, legalComments: 'none', charset: 'utf8', target: ['es2022'], logLevel: 'warning', absWorkingDir: source }

/** The loader's module `entry` (a path below the project) and wasm-bindgen's script `glue` in one; `wasm` is the file's name. */
export async function bundleScript({ entry, glue, wasm }) {
  const esbuild = await load()
  const file = path.join(source, entry)
  const placeholder = "'bigkey-wasm'"
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const built = await esbuild.build({
    ...OPTIONS,
    entryPoints: [file],
    format: 'esm',
    alias: { 'bigkey-glue': glue },
    plugins: [{
      name: 'wasm-file',
      setup(build) {
        build.onLoad({ filter: new RegExp(`^${escaped(file)}$`) }, () => {
          const text = fs.readFileSync(file, 'utf8')
          if (text.split(placeholder).length !== 2) throw new Error(`${entry} must name ${placeholder} once`)
          return { contents: text.replace(placeholder, JSON.stringify(wasm)), loader: 'js' }
        })
        // wasm-bindgen's module falls back to a file of its own naming, which does not exist here and is never asked for.
        build.onLoad({ filter: new RegExp(`^${escaped(glue)}$`) }, () => ({
          contents: fs.readFileSync(glue, 'utf8').replace(/new URL\('[^']*_bg\.wasm', import\.meta\.url\)/, 'undefined'), loader: 'js',
        }))
      },
    }],
  })
  return Buffer.from(built.outputFiles[0].contents)
}

/** A stylesheet and what it imports in one; `file` is a path below the project. */
export async function bundleStyle(file) {
  const esbuild = await load()
  return Buffer.from((await esbuild.build({ ...OPTIONS, entryPoints: [path.join(source, file)] })).outputFiles[0].contents)
}
