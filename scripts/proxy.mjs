// The real proxy over its demo service, started and ended by the tests, the screenshots and the example hosts.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')

/**
 * Starts the proxy with the files in the folder `dist`: `{ origin, port, stop() }`. `env`: variables of the environment
 * beside those of the caller.
 */
export async function startProxy(dist, { port = 0, upstream = 'demo', args = [], env = {}, frameAncestors } = {}) {
  const binary = path.resolve(root, process.env.BIGKEY_PROXY ?? path.join(process.env.CARGO_TARGET_DIR ?? 'target', 'debug/bigkey-proxy'))
  if (!fs.existsSync(binary)) throw new Error(`there is no ${binary}: cargo build --features proxy --bin bigkey-proxy`)
  if (!fs.existsSync(path.join(dist, 'index.html'))) throw new Error(`there is no page in ${dist}: make build`)
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bigkey-proxy-'))
  const config = []
  if (frameAncestors) {
    const file = path.join(scratch, 'proxy.toml')
    fs.writeFileSync(file, `frame_ancestors = ${JSON.stringify(frameAncestors)}\n`)
    config.push('--config', file)
  }
  const child = spawn(binary, ['--listen', `127.0.0.1:${port}`, '--upstream', upstream, '--dist', dist, ...config, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  const ended = new Promise((done) => child.once('exit', done)).finally(() => fs.rmSync(scratch, { recursive: true, force: true }))
  const origin = await listening(child)
  return { origin, port: Number(new URL(origin).port), async stop() { child.kill('SIGKILL'); await ended } }
}

/** Where the proxy says that it listens. */
function listening(child) {
  let said = ''
  return new Promise((found, failed) => {
    const read = (bytes) => {
      said += bytes
      const address = /127\.0\.0\.1:(\d+)/.exec(said.replace(/\x1b\[[0-9;]*m/g, ''))
      if (address && address[1] !== '0') found(`http://127.0.0.1:${address[1]}`)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('exit', (code) => failed(new Error(`bigkey-proxy ended with ${code}:\n${said}`)))
    child.once('error', failed)
  })
}
