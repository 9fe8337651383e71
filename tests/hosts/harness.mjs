// What the host tests start from: the packed tarball, installed as a host installs it; example hosts put together from
// it; the real proxy over its demo service; a real browser.
import assert from 'node:assert/strict'
import { after } from 'node:test'
import { build, install, startProxy } from '../../examples/hosts.mjs'
import { INSTANCE, PROJECT, eventually, launch, ui } from '../e2e/stage.mjs'

export { INSTANCE, PROJECT, eventually, ui }
await install()

let started
export const browser = () => (started ??= launch())
const running = []
/** Ends with the tests. */
export const until = (server) => { running.push(server); return server }
after(async () => {
  await (await started)?.close()
  for (const server of running) await server.stop()
})

/** Puts a host together and serves it under the proxy's own strict policy. */
export async function serve(name, options) {
  return until(await startProxy(await build(name), options))
}

/** What a page says that it should not: uncaught errors, and errors and warnings in the console. */
export function watch(page) {
  const [faults, violations, infos] = [[], [], []]
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'info') infos.push(message.text())
    if (!['error', 'warning'].includes(message.type())) return
    if (/^Failed to load resource/.test(message.text())) return // the browser's own remark
    if (/content security policy/i.test(message.text())) violations.push(message.text())
    else faults.push(`console ${message.type()}: ${message.text()}`)
  })
  return { faults, violations, infos, clean() { assert.deepEqual(faults, [], 'faults'); assert.deepEqual(violations, [], 'violations of the policy') } }
}

/** A page of its own on a host. */
export async function open(address, { init, ...options } = {}) {
  const context = await (await browser()).newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', timezoneId: 'UTC', ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const watched = watch(page)
  if (init) await page.addInitScript(init)
  await page.goto(address)
  return { page, context, ui: ui(page), ...watched }
}
