// What the host tests start from: the packed tarball, installed as a host installs it; example hosts put together from
// it; the real proxy over its demo service; a real browser.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { after } from 'node:test'
import { BUILD, INSTALLED, build, install, runtime, startProxy } from '../../examples/hosts.mjs'
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

/** A folder with the packed scripts and what lies beside them, and a page that holds `body` and nothing of ours. */
export function barePage(name, body = '') {
  const folder = path.join(BUILD, name)
  fs.mkdirSync(folder, { recursive: true })
  for (const file of runtime()) fs.copyFileSync(path.join(INSTALLED, file), path.join(folder, file))
  fs.writeFileSync(path.join(folder, 'index.html'), `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title><link rel="icon" href="data:,"></head><body>${body}</body></html>`)
  return folder
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

/** Watches what a page leaves running. In the page before anything else. */
export function instrument() {
  const timers = new Map()
  const listeners = new Map()
  const notes = { timers, listeners, memories: [] }
  Object.defineProperty(document, 'notes', { value: notes, enumerable: false }) // not a global name
  for (const [set, clear] of [['setTimeout', 'clearTimeout'], ['setInterval', 'clearInterval'], ['requestAnimationFrame', 'cancelAnimationFrame'], ['requestIdleCallback', 'cancelIdleCallback']]) {
    const [start, stop] = [window[set], window[clear]]
    window[set] = function (callback, ...rest) {
      const key = {}
      const id = start.call(window, typeof callback === 'function' && set !== 'setInterval' ? function (...args) { timers.delete(`${set} ${id}`); return callback.apply(this, args) } : callback, ...rest)
      timers.set(`${set} ${id}`, key)
      return id
    }
    window[clear] = (id) => { timers.delete(`${set} ${id}`); stop.call(window, id) }
  }
  const { addEventListener, removeEventListener } = EventTarget.prototype
  const isOurs = (target) => !(target instanceof Node) || target === document || target === document.documentElement || target === document.body || target === document.head
  const key = (target, type) => `${target?.constructor?.name} ${type}`
  EventTarget.prototype.addEventListener = function (type, ...rest) {
    const target = this ?? window
    if (isOurs(target)) listeners.set(key(target, type), (listeners.get(key(target, type)) ?? 0) + 1)
    return addEventListener.call(target, type, ...rest)
  }
  EventTarget.prototype.removeEventListener = function (type, ...rest) {
    const target = this ?? window
    if (isOurs(target)) listeners.set(key(target, type), (listeners.get(key(target, type)) ?? 0) - 1)
    return removeEventListener.call(target, type, ...rest)
  }
  const { instantiate } = WebAssembly
  WebAssembly.instantiate = async (...args) => {
    const made = await instantiate.apply(WebAssembly, args)
    notes.memories.push(new WeakRef(made.exports.memory))
    return made
  }
}

/** `value` has the fields of `type`, no more, and none missing that is not optional. */
export function conforms(value, type, types) {
  const known = type.fields.map(({ name }) => name)
  for (const name of Object.keys(value)) assert.ok(known.includes(name), `${type.name} has no ${name}`)
  for (const { name, optional, type: of } of type.fields) {
    assert.ok(optional || name in value, `${type.name}.${name} is missing`)
    const inner = types.find((each) => each.name === of.replace(/(\[\]| \| null)$/, ''))
    if (inner && value[name]) for (const each of [value[name]].flat()) conforms(each, inner, types)
    else if (value[name] != null && /^(string|number)\b/.test(of)) assert.equal(typeof value[name], of.split(' ')[0], `${type.name}.${name}`)
  }
}
