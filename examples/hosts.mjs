// The example hosts: how each is put together from the packed npm package, ready for any static server. Used by
// serve.mjs, which shows one, and by the tests, which drive all of them in a browser.
import { spawn } from 'node:child_process'
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

export { startProxy } from '../scripts/proxy.mjs'

const here = import.meta.dirname
const root = path.resolve(here, '..')
const modules = path.join(here, 'node_modules')
/** The package as a host has it: installed from the tarball. */
export const INSTALLED = path.join(modules, 'bigkey-tasks')
/** Where the built hosts are, a folder each. */
export const BUILD = path.join(here, 'build')

/** Runs a program to its end; what it said is the error if it fails. */
export function run(command, args, options = {}) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { cwd: here, stdio: ['ignore', 'pipe', 'pipe'], ...options })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => { said += bytes })
    child.once('error', failed)
    child.once('exit', (code) => (code === 0 ? done(said) : failed(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${said}`))))
  })
}

/** Installs what the hosts need, and the package from its tarball; does nothing when all of it is there. */
export async function install() {
  const tarball = fs.readdirSync(path.join(root, 'package')).find((name) => name.endsWith('.tgz'))
  if (!tarball) throw new Error('there is no package: make package')
  const hash = (file) => crypto.createHash('sha256').update(fs.readFileSync(file)).digest('hex')
  const stamp = path.join(modules, '.bigkey-tasks-installed')
  const wanted = [hash(path.join(here, 'package-lock.json')), hash(path.join(root, 'package', tarball))]
  const there = fs.existsSync(stamp) ? fs.readFileSync(stamp, 'utf8').split('\n') : []
  if (there[0] !== wanted[0]) await run('npm', ['ci', '--ignore-scripts', '--loglevel=error'])
  if (there[0] !== wanted[0] || there[1] !== wanted[1] || !fs.existsSync(INSTALLED)) {
    // Not in package.json: the tarball changes with every build, and a lock file would hold its hash.
    fs.rmSync(INSTALLED, { recursive: true, force: true })
    await run('npm', ['install', '--no-save', '--ignore-scripts', '--prefer-offline', '--loglevel=error', path.join(root, 'package', tarball)])
  }
  fs.writeFileSync(stamp, wanted.join('\n'))
}

/** What lies beside the scripts: the wasm files, and the texts in further languages. */
const beside = () => fs.readdirSync(INSTALLED).filter((name) => /^bigkey-(tasks|extras)(_bg\.wasm|\..+\.json)$/.test(name))
/** What a page without a bundler needs, side by side. */
export const runtime = () => ['bigkey-tasks.js', 'bigkey-extras.js', ...beside()]
function copyPackage(to, names = runtime()) {
  fs.mkdirSync(to, { recursive: true })
  for (const name of names) fs.cpSync(path.join(INSTALLED, name), path.join(to, name), { recursive: true })
}

/** The package as another release has it: its version, script, wasm, a text and a measure differ. */
function copyOtherRelease(to) {
  copyPackage(to, [...runtime(), 'package.json'])
  const wasm = 'bigkey-tasks-0.0.9_bg.wasm'
  fs.renameSync(path.join(to, 'bigkey-tasks_bg.wasm'), path.join(to, wasm))
  const edit = (name, changes) => {
    let text = fs.readFileSync(path.join(to, name), 'latin1') // bytes as they are
    for (const [from, into] of changes) {
      if (text.split(from).length !== 2) throw new Error(`${name} does not hold "${from}" once`)
      if (name === wasm && from.length !== into.length) throw new Error(`"${into}" does not fit in the place of "${from}"`)
      text = text.replace(from, into)
    }
    fs.writeFileSync(path.join(to, name), text, 'latin1')
  }
  edit('package.json', [[/"version": "[^"]*"/.exec(fs.readFileSync(path.join(to, 'package.json'), 'utf8'))[0], '"version": "0.0.9"']])
  edit('bigkey-tasks.js', [['./bigkey-tasks_bg.wasm', `./${wasm}`], ['this copy of the module stays unused', 'release 0.0.9 stays unused']])
  edit(wasm, [['Rows per page', 'Rows per view'], ['--bigkey-radius,6px', '--bigkey-radius,9px']])
}

const vite = async (name, out) => {
  const { build } = await import('vite')
  await build({ root: path.join(here, name), logLevel: 'warn', build: { outDir: out, emptyOutDir: true } })
}
/** A host that is nothing but files. */
const files = (name, out, only = ['.']) => { for (const each of only) fs.cpSync(path.join(here, name, each), path.join(out, each), { recursive: true }) }
const bundlerPage = (out) => fs.copyFileSync(path.join(here, 'bundlers/index.html'), path.join(out, 'index.html'))
const entry = path.join(here, 'bundlers/main.js')

/** Each host's name, and what puts it together in the folder `out`. */
export const HOSTS = {
  async plain(out) { files('plain', out); copyPackage(out, [...runtime(), 'themes']) },
  async react(out) {
    await run(process.execPath, [path.join(modules, 'typescript/bin/tsc'), '-p', 'react/tsconfig.json'])
    await vite('react', out)
  },
  async 'react-18'(out) {
    await run(process.execPath, [path.join(modules, 'typescript/bin/tsc'), '-p', 'react-18/tsconfig.json'])
    const esbuild = await import('esbuild')
    const alias = { react: 'react-18', 'react-dom': 'react-dom-18' }
    await esbuild.build({
      absWorkingDir: here, entryPoints: ['react-18/main.tsx'], bundle: true, minify: true, format: 'esm', outdir: out, alias, logLevel: 'error',
      jsx: 'automatic', tsconfigRaw: {}, define: { 'process.env.NODE_ENV': '"production"' },
    })
    files('react-18', out, ['index.html'])
    copyPackage(out, ['bigkey-tasks_bg.wasm'])
  },
  async vue(out) { await vite('vue', out) },
  async iframe(out) { files('iframe/framed', out); copyPackage(out) },
  async hostile(out) { files('hostile', out); copyPackage(out) },
  async 'two-versions'(out) {
    files('two-versions', out)
    copyPackage(path.join(out, 'one'))
    copyOtherRelease(path.join(out, 'two'))
  },
  async ten(out) { files('ten', out); copyPackage(out) },
  async 'bundler-esbuild'(out) {
    const esbuild = await import('esbuild')
    // The plugin-free way with a loader: the files beside the scripts are imported for their addresses.
    await esbuild.build({ entryPoints: { main: path.join(here, 'bundlers/main-wasm.js') }, bundle: true, minify: true, format: 'esm', outdir: out, loader: { '.wasm': 'file', '.json': 'file' }, publicPath: './', logLevel: 'error' })
    bundlerPage(out)
  },
  async 'bundler-esbuild-copy'(out) {
    const esbuild = await import('esbuild')
    await esbuild.build({ entryPoints: [entry], bundle: true, minify: true, format: 'esm', outdir: out, logLevel: 'error' })
    copyPackage(out, beside())
    bundlerPage(out)
  },
  async 'bundler-rollup'(out) {
    const { rollup } = await import('rollup')
    const { default: resolve } = await import('@rollup/plugin-node-resolve')
    const bundle = await rollup({ input: entry, plugins: [resolve()] })
    await bundle.write({ dir: out, format: 'es' })
    await bundle.close()
    copyPackage(out, beside())
    bundlerPage(out)
  },
  async 'bundler-webpack'(out) {
    const { default: webpack } = await import('webpack')
    const stats = await new Promise((done, failed) => webpack({
      mode: 'production', context: here, entry, experiments: { outputModule: true },
      output: { path: out, filename: 'main.js', module: true, publicPath: 'auto' }, performance: false,
    }).run((error, result) => (error ? failed(error) : done(result))))
    if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString())
    bundlerPage(out)
  },
  async 'bundler-vite'(out) { await vite('bundlers', out) },
}

/** Puts a host together and returns its folder. */
export async function build(name) {
  const out = path.join(BUILD, name)
  fs.rmSync(out, { recursive: true, force: true })
  fs.mkdirSync(out, { recursive: true })
  await HOSTS[name](out)
  return out
}

/** The versions of the tools that the hosts are built with. */
export const versions = () => Object.fromEntries(['esbuild', 'rollup', 'webpack', 'vite', 'react', 'react-18', 'vue', 'svelte', 'typescript', 'types-react-18', '@types/react']
  .map((name) => [name, JSON.parse(fs.readFileSync(path.join(modules, name, 'package.json'), 'utf8')).version]))

// ---------------------------------------------------------------- server

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.json': 'application/json' }

/** A plain static server; `answer(path, response)` may answer in its place by returning true. */
export async function startStatic(folder, { port = 0, answer, headers = {} } = {}) {
  const http = await import('node:http')
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://x')
    if (answer?.(pathname, response, request)) return
    const file = path.join(folder, path.normalize(decodeURIComponent(pathname === '/' ? '/index.html' : pathname)))
    if (!file.startsWith(folder) || !fs.existsSync(file) || !fs.statSync(file).isFile()) { response.writeHead(404).end(); return }
    response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream', ...headers })
    response.end(fs.readFileSync(file))
  })
  await new Promise((done, failed) => { server.once('error', failed); server.listen(port, '127.0.0.1', done) })
  return { origin: `http://127.0.0.1:${server.address().port}`, server, async stop() { server.closeAllConnections(); await new Promise((done) => server.close(done)) } }
}
