// The custom element. A browser lets only a JavaScript class extend HTMLElement, so this much is not Rust: attributes
// and properties, the life cycle, loading the wasm module, and saying why it could not be loaded. What is shown, and
// every decision about it, is in the module.

const ATTRIBUTES = [
  'api-base', 'project-id', 'instance-id', 'status', 'offset', 'limit', 'refresh', 'locale', 'time-zone', 'theme', 'url-sync', 'wasm-url',
]
const NUMBERS = { offset: 0, limit: 10 }
const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase())
const PROPERTIES = ATTRIBUTES.map(camel)

let source // how to get at the module: { load, wasmUrl }
let loading // the one load under way or done; a failed one is forgotten, so that it can be tried again

/** Says where the module is. `load` returns the JavaScript that belongs to the wasm file at `wasmUrl`. */
export const configure = (from) => { source = from }

/** Fetches the wasm as a stream and compiles it as it comes. Throws a `LoadError`. */
class LoadError extends Error {
  constructor(reason, detail = '') {
    super(REASONS[reason] + (detail && ` (${detail})`))
    this.reason = reason
  }
}
const REASONS = {
  csp: 'This page’s content security policy forbids WebAssembly. It needs script-src with \'wasm-unsafe-eval\' and connect-src with the place of the .wasm file.',
  mime: 'The server does not send the .wasm file as WebAssembly. It must have the type application/wasm.',
  missing: 'The server does not have the .wasm file.',
  network: 'The .wasm file could not be loaded. Check the connection, then try again.',
  unsupported: 'This browser has no WebAssembly, or it is switched off.',
  broken: 'The .wasm file and this script do not belong together, or the file is damaged.',
}

async function loadModule(element) {
  if (typeof WebAssembly !== 'object') throw new LoadError('unsupported')
  let [wasmUrl, blocked] = [{ href: '' }, '']
  const onViolation = ({ blockedURI, effectiveDirective }) => {
    // The host may have violations of its own. One of a request names its address, or only the origin.
    if (blockedURI === 'wasm-eval' || (blockedURI && wasmUrl.href.startsWith(blockedURI))) blocked = effectiveDirective
  }
  document.addEventListener('securitypolicyviolation', onViolation)
  try {
    const module = await source.load()
    // Not before: a script that imports this one calls `configure` once all of its imports have run.
    wasmUrl = new URL(element.wasmUrl || source.wasmUrl, document.baseURI)
    await module.default({ module_or_path: fetchWasm(wasmUrl) })
    return module
  } catch (error) {
    await new Promise((resolve) => setTimeout(resolve)) // a violation is reported after the call that caused it failed
    if (blocked || /content security policy|unsafe-eval/i.test(error?.message)) throw new LoadError('csp', blocked)
    throw error instanceof LoadError ? error : new LoadError(error instanceof TypeError ? 'network' : 'broken', error?.message)
  } finally {
    document.removeEventListener('securitypolicyviolation', onViolation)
  }
}

async function fetchWasm(wasmUrl) {
  const response = await fetch(wasmUrl).catch(() => { throw new LoadError('network') })
  if (!response.ok) throw new LoadError(response.status === 404 ? 'missing' : 'network', `HTTP ${response.status}`)
  const type = response.headers.get('content-type') ?? ''
  if (!/^application\/wasm\b/i.test(type)) throw new LoadError('mime', type || 'no type')
  return response
}

/** The first element decides where the module comes from. */
const ready = (element) => (loading ??= loadModule(element).catch((error) => { loading = undefined; throw error }))

export class BigkeyTasksElement extends HTMLElement {
  static observedAttributes = ATTRIBUTES
  #root
  #box
  #app
  #early
  #waiting = new Set() // whoever called refresh() and has not heard yet

  constructor() {
    super()
    this.#root = this.attachShadow({ mode: 'open', delegatesFocus: true })
    this.#root.append(document.createElement('slot')) // until the module is there, the tag's own content shows
  }

  connectedCallback() {
    if (this.#box) return // moved within the document before the end of the task: nothing ended
    for (const name of PROPERTIES) {
      if (!Object.hasOwn(this, name)) continue
      const value = this[name] // set before this class was there
      delete this[name]
      this[name] = value
    }
    this.#start()
  }

  disconnectedCallback() {
    queueMicrotask(() => { if (!this.isConnected) this.#stop() })
  }

  connectedMoveCallback() {}

  attributeChangedCallback(name, before, after) {
    if (before !== after) this.#app?.changed()
  }

  /**
   * Both the method and the property of the contract. Called: asks for the page on show again; fulfilled when it is
   * there, rejected when it failed. Assigned: sets the attribute.
   */
  get refresh() {
    return () => this.#refresh()
  }

  set refresh(value) {
    setOrRemove(this, 'refresh', value)
  }

  /** The tasks as a file: `format` is "csv" or "json", `scope` is "page" or "all" (that pass the filter). */
  async exportTasks({ format = 'csv', scope = 'page' } = {}) {
    if (!this.#app) throw new Error('The task list is not there yet.')
    return this.#app.exportTasks(format, scope)
  }

  #refresh() {
    return new Promise((resolve, reject) => {
      const then = (settle) => (value) => { this.#waiting.delete(waiting); settle(value) }
      const waiting = { ask: () => this.#app.refresh().then(then(resolve), then(reject)), reject: then(reject) }
      this.#waiting.add(waiting)
      if (this.#app) waiting.ask()
    })
  }

  async #start() {
    const box = (this.#box = document.createElement('div'))
    box.className = 'box'
    this.#early ??= startEarly(this)
    try {
      const module = await ready(this)
      if (this.#box !== box) return
      this.#root.replaceChildren(box)
      this.#app = new module.App(this, this.#root, box, this.#early?.url, this.#early?.response, this.#early?.controller)
      this.#early = undefined
      for (const child of this.querySelectorAll(':scope > [data-bigkey-shell]')) child.remove()
      for (const { ask } of this.#waiting) ask()
    } catch (error) {
      if (this.#box === box) this.#failed(error)
    }
  }

  #stop() {
    for (const { reject } of this.#waiting) reject(new DOMException('The element was taken out of the document.', 'AbortError'))
    this.#early?.controller.abort()
    this.#app?.unmount()
    this.#app = this.#early = this.#box = undefined
    this.#root.replaceChildren(document.createElement('slot'))
  }

  /** The module did not load, or it crashed: says so inside the box. Called by the module as well. */
  crashed(message) {
    const app = this.#app
    this.#app = undefined
    // The fault is still on the stack. Afterwards, what the component left running is ended as far as it lets itself be.
    setTimeout(() => { try { app?.unmount() } catch { /* it is broken: that is why it goes */ } })
    this.#failed(Object.assign(new Error(message), { reason: 'crash' }))
  }

  #failed(error) {
    this.#early?.controller.abort()
    this.#early = undefined
    const notice = document.createElement('div')
    const text = document.createElement('p')
    const button = document.createElement('button')
    notice.setAttribute('role', 'alert')
    notice.setAttribute('part', 'notice')
    text.textContent = error.reason === 'crash' ? `The task list stopped because of a fault in it: ${error.message}` : `The task list could not start. ${error.message}`
    button.type = 'button'
    button.setAttribute('part', 'button')
    button.textContent = error.reason === 'crash' ? 'Restart' : 'Retry'
    button.onclick = () => this.#start()
    notice.append(text, button)
    this.#root.replaceChildren(notice)
    for (const { reject } of this.#waiting) reject(error)
    const detail = { query: null, kind: error.reason === 'crash' ? 'crash' : 'load', status: null, errorCode: error.reason ?? null, errorMsg: error.message, requestId: null }
    this.dispatchEvent(new CustomEvent('bigkey-error', { bubbles: true, composed: true, detail }))
  }
}

function setOrRemove(element, name, value) {
  if (value === null || value === undefined) element.removeAttribute(name)
  else element.setAttribute(name, value)
}

for (const name of ATTRIBUTES) {
  if (name === 'refresh') continue // in the class: it is a method too
  Object.defineProperty(BigkeyTasksElement.prototype, camel(name), {
    configurable: true,
    enumerable: true,
    get() {
      if (name === 'url-sync') return this.hasAttribute(name)
      const value = this.getAttribute(name)
      if (!(name in NUMBERS)) return value ?? ''
      return value !== null && /^\d+$/.test(value) ? Number(value) : NUMBERS[name]
    },
    set(value) {
      if (name === 'url-sync') this.toggleAttribute(name, Boolean(value))
      else setOrRemove(this, name, value)
    },
  })
}

/**
 * Sends the first request while the module is still on its way. Only for values that are plainly valid; the module
 * makes the request that it wants, and takes this answer only if the address is the same to the letter.
 */
function startEarly(element) {
  const address = element.hasAttribute('url-sync') ? new URLSearchParams(location.search) : null
  const value = (name) => (address ? address.get(name.replace('-', '_')) : element.getAttribute(name)) || ''
  const ids = [value('project-id'), value('instance-id')]
  const [status, offset, limit] = [value('status'), value('offset') || '0', value('limit') || '10']
  if (!ids.every((id) => /^[\w-]{1,64}$/.test(id)) || !/^(0|[1-9]\d{0,8})$/.test(offset) || !/^[1-9]\d{0,3}$/.test(limit) || limit > 1000) return
  if (!/^(waiting|running|success|failed)?$/.test(status)) return
  const base = (element.getAttribute('api-base') ?? '').replace(/\/+$/, '')
  const url = `${base}/v2/${ids[0]}/instances/${ids[1]}/bigkey-tasks?limit=${limit}&offset=${offset}${status && `&status=${status}`}`
  const controller = new AbortController()
  const response = fetch(url, { headers: { accept: 'application/json' }, credentials: 'same-origin', signal: controller.signal })
  response.catch(() => {}) // whoever takes it over hears of a failure; if nobody does, nobody needs to
  return { url, response, controller }
}

/** Defines the element, under another name or in a registry of its own if need be. A second time does no harm. */
export function define(name = 'bigkey-tasks', registry = customElements) {
  if (registry.get(name)) {
    console.info(`<${name}> is already defined; this copy of the module stays unused.`)
    return
  }
  // One class can have one name only, so every further name gets a class of its own.
  registry.define(name, name === 'bigkey-tasks' && registry === customElements ? BigkeyTasksElement : class extends BigkeyTasksElement {})
}
