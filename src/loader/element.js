// The custom element. A browser lets only a JavaScript class extend HTMLElement, so this much is not Rust: attributes
// and properties, the life cycle, and saying why the module could not be loaded or go on. What is shown, and every
// decision about it, is in the module.

import { drawn, extras, list, nextTask } from './module.js'
import { languageOf, textsOf } from './texts.js'

const ATTRIBUTES = [
  'api-base', 'project-id', 'instance-id', 'status', 'offset', 'limit', 'refresh', 'locale', 'time-zone', 'theme', 'url-sync', 'wasm-url',
]
const MAX_ANSWER = 8 << 20 // bytes: as in src/api.rs
const NUMBERS = { offset: 0, limit: 10 }
const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase())
const PROPERTIES = ATTRIBUTES.map(camel)

export class BigkeyTasksElement extends HTMLElement {
  static observedAttributes = ATTRIBUTES
  #root
  #box
  #instance
  #app
  #early
  #extras // the promise of an instance of what is loaded on demand, once that was needed
  #asked = {} // of each kind, what was asked of it last
  #waiting = new Set() // whoever called refresh() or exportTasks() and has not heard yet
  #onPopstate // only where the page's address is kept in step

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
    if (before === after) return
    if (name === 'locale') this.#learn()
    this.#changed(false)
  }

  /**
   * Both the method and the property of the contract. Called: asks for the page on show again; fulfilled when it is
   * there, rejected when it failed. Assigned: sets the attribute.
   */
  get refresh() {
    return () => this.#whenUp((app) => app.refresh())
  }

  set refresh(value) {
    setOrRemove(this, 'refresh', value)
  }

  /** The tasks as a file: `format` is "csv" or "json", `scope` is "page" or "all" (that pass the filter). */
  async exportTasks({ format = 'csv', scope = 'page' } = {}) {
    if (!this.#app) throw new Error('The task list is not there yet.')
    const ask = async () => (await this.#takeExtras()).Exported.exportTasks(this, this.#list, String(format), String(scope))
    return this.#whenUp(ask, true)
  }

  /** What `ask` promises, once the component is there; rejected if it ends before that. */
  #whenUp(ask, inExtras = false) {
    return new Promise((resolve, reject) => {
      const then = (settle) => (value) => { this.#waiting.delete(waiting); settle(value) }
      // Where the call itself is the fault, it returns no promise, and all who wait have been told.
      const waiting = { ask: () => ask(this.#app).then?.(then(resolve), then(reject)), reject: then(reject), inExtras }
      this.#waiting.add(waiting)
      if (this.#app) waiting.ask()
    })
  }

  async #start() {
    const box = (this.#box = document.createElement('div'))
    box.className = 'box'
    this.#early ??= startEarly(this)
    this.#learn()
    try {
      const instance = await list.take(this.wasmUrl)
      // An answer that has begun to come is read before the view is made, which would hold it up: reading takes some tasks.
      for (let i = 0; i < 3; i++) await nextTask()
      if (this.#box !== box) return list.giveBack(instance)
      this.#instance = instance
      instance.onFault = (fault) => this.#crashed(fault)
      const early = this.#early
      if (early) instance.adopt(early.controller)
      this.#learn() // what is here by now is there from the first view on
      const app = new instance.Exported(this, box, early, { call: (name, argument) => this.#later(name, argument) })
      if (instance.fault) return
      this.#app = app
      if (this.hasAttribute('url-sync')) addEventListener('popstate', this.#onPopstate = () => this.#changed(true))
      for (const { ask } of this.#waiting) ask()
      await this.#show(app, early)
    } catch (error) {
      if (this.#box === box) this.#failed(error)
    }
  }

  /**
   * Puts the view in the place of the tag's own content; from then on its tasks come. Where the rows are here by now, and
   * that content is as high as what is to be above the table, the table comes first, below that; what is around it comes once
   * the rows were drawn.
   */
  async #show(app, early) {
    const shell = this.querySelector(':scope > [data-bigkey-shell]')
    const slot = this.#root.querySelector('slot')
    const head = slot && shell?.querySelector('[data-bigkey-head]')
    const fits = head?.offsetHeight && !document.hidden && !languageOf(this)
    if (!fits) app.complete()
    const tableFirst = early && await soon(early.text) && fits && (await early.response).ok
    if (this.#app !== app) return
    if (tableFirst) {
      head.remove()
      this.#box.firstElementChild.prepend(slot)
    } else app.complete()
    this.#early = undefined
    this.#root.replaceChildren(this.#box)
    app.start(this.#root)
    if (tableFirst) {
      await drawn()
      await drawn() // what is in sight takes two frames
      if (this.#app === app) app.complete()
    }
    if (this.#app !== app) return
    slot?.remove()
    shell?.remove()
    this.#tellPage()
  }

  /** Gives the module the texts of the reader's language. It shows English until they are here. */
  async #learn() {
    const language = languageOf(this)
    if (!language) return
    let texts = textsOf(language)
    if (texts instanceof Promise) texts = await texts
    if (!texts || !this.#instance) return
    this.#instance.Exported.learn(language, texts)
    this.#changed(false)
  }

  /**
   * The attributes changed, or the address, or texts are here, or a reader has chosen how the view is to be (`rearranged`).
   * In another language, or rearranged, the view is made anew.
   */
  #changed(fromAddress, rearranged = false) {
    const [before, focused] = [this.#box?.firstElementChild, this.#root.activeElement]
    this.#app?.changed(fromAddress, rearranged)
    const after = this.#box?.firstElementChild
    if (before === after || !before || !after) return
    this.#tellPage()
    setTimeout(() => takeOver(before, after, focused)) // once it is filled
  }

  /** Gives the page that is nothing but the list its title and language. A host's page is never touched. */
  #tellPage() {
    if (!this.hasAttribute('url-sync')) return
    const view = this.#box.firstElementChild
    const { lang, dir } = view
    Object.assign(document.documentElement, { lang, dir })
    document.title = view.querySelector('h1').textContent
  }

  #stop() {
    const [instance, app] = [this.#instance, this.#app]
    this.#forget()
    this.#box = undefined
    for (const { reject } of this.#waiting) reject(new DOMException('The element was taken out of the document.', 'AbortError'))
    if (instance) {
      instance.onFault = undefined
      app.unmount()
      list.giveBack(instance)
    }
    this.#root.replaceChildren(document.createElement('slot'))
  }

  #forget() {
    if (this.#onPopstate) removeEventListener('popstate', this.#onPopstate)
    this.#early?.controller.abort()
    this.#extras?.then((instance) => extras.giveBack(instance), () => {})
    this.#onPopstate = this.#early = this.#app = this.#instance = this.#extras = undefined
    this.#asked = {}
  }

  /** What the module that is loaded on demand may ask of the list. */
  #list = {
    onShow: () => this.#app.onShow(),
    skew: () => this.#app.skew(),
    choose: (...ids) => this.#app.choose(...ids),
    rearrange: () => this.#changed(false, true),
  }

  /** Has what is loaded on demand do `name`. What keeps it from that is told; to ask again is to try again. */
  async #later(name, argument) {
    const kind = name.startsWith('open') ? 'open' : name // of dialogs, only the last that was asked for opens
    const asked = (this.#asked[kind] = {})
    try {
      const instance = await this.#takeExtras()
      if (this.#asked[kind] !== asked) return // a person went on to something else
      this.#app.lacks('')
      instance.Exported[name](this, this.#box.firstElementChild, this.#list, argument)
    } catch (error) {
      if (this.#asked[kind] !== asked) return
      if (name !== 'showForm') return this.#lacks(error)
      const [instance, app] = [this.#instance, this.#app]
      this.#failed(error) // without the form there is nothing to show
      app.unmount()
      list.giveBack(instance)
    }
  }

  /** An instance of what is loaded on demand, which has the texts of the reader's language. */
  async #takeExtras() {
    const taken = (this.#extras ??= extras.take().then((instance) => {
      if (this.#extras === taken) instance.onFault = (fault) => this.#extrasCrashed(fault)
      return instance
    }, (error) => {
      if (this.#extras === taken) this.#extras = undefined
      throw error
    }))
    const instance = await taken
    const language = languageOf(this)
    const texts = language && await textsOf(language)
    if (texts) instance.Exported.learn(language, texts)
    this.#learn() // texts that could not be had before are here for the list as well
    return instance
  }

  /** A fault in what was loaded on demand: what it had on show goes, the list goes on. */
  #extrasCrashed(fault) {
    this.#extras = undefined
    for (const dialog of this.#box.querySelectorAll('dialog')) {
      dialog.close() // gives the focus back
      dialog.remove()
    }
    for (const { reject, inExtras } of this.#waiting) if (inExtras) reject(crash(fault))
    this.#lacks(crash(fault))
  }

  /** Says inside the list what could not be done. */
  #lacks(error) {
    this.#app.lacks(error.message)
    this.#tell(error)
  }

  /** The instance has stopped for good; another one can take over. */
  #crashed(fault) {
    this.#failed(crash(fault))
  }

  /** The module did not load, or it crashed: says so inside the box. */
  #failed(error) {
    this.#forget()
    const notice = document.createElement('div')
    const text = document.createElement('p')
    const button = document.createElement('button')
    notice.setAttribute('role', 'alert')
    notice.setAttribute('part', 'notice')
    Object.assign(notice, { lang: 'en', dir: 'ltr' }) // whatever the host's language
    text.textContent = error.reason === 'crash' ? `The task list stopped because of a fault in it: ${error.message}` : `The task list could not start. ${error.message}`
    button.type = 'button'
    button.setAttribute('part', 'button')
    button.textContent = error.reason === 'crash' ? 'Restart' : 'Retry'
    button.onclick = async () => {
      button.onclick = null // a second click would start another
      await this.#start() // takes the button away, and with it the focus
      if (document.activeElement === document.body) this.focus({ preventScroll: true })
    }
    notice.append(text, button)
    this.#root.replaceChildren(notice)
    for (const { reject } of this.#waiting) reject(error)
    this.#tell(error)
  }

  /** Tells the host of a failure of the element itself. */
  #tell(error) {
    const detail = { query: null, kind: error.reason === 'crash' ? 'crash' : 'load', status: null, errorCode: error.reason ?? null, errorMsg: error.message, requestId: null }
    this.dispatchEvent(new CustomEvent('bigkey-error', { bubbles: true, composed: true, detail }))
  }
}

/** What a person typed, and the focus, go to the same places of a view that took the place of another. */
function takeOver(before, after, focused) {
  const inputs = after.querySelectorAll('input')
  before.querySelectorAll('input').forEach((input, i) => { if (inputs[i]) inputs[i].value = input.value })
  if (!before.contains(focused)) return
  const path = []
  for (let at = focused; at !== before; at = at.parentNode) path.unshift([...at.parentNode.children].indexOf(at))
  path.reduce((at, i) => at?.children[i], after)?.focus({ preventScroll: true })
}

/** What is told of a fault. A trap says little; where it was is in its stack. */
function crash(fault) {
  const [place] = fault instanceof WebAssembly.RuntimeError && /wasm-function\S*\d/.exec(fault.stack) || []
  return Object.assign(new Error((fault.message ?? String(fault)) + (place ? ` (${place})` : '')), { reason: 'crash' })
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
  // Read at once as well, so that with rows that are here by then the view is laid out once, not twice.
  const text = response.then((response) => (response.headers.get('content-length') > MAX_ANSWER ? undefined : response.text()))
  text.catch(() => {}) // whoever takes it over hears of a failure; if nobody does, nobody needs to
  return { url, response, text, controller }
}

/**
 * Ends this task, so that none is long, but lets no frame in between; then waits until `promise` is settled, but not so long
 * that a reader would wait for the controls. Whether it was fulfilled by then.
 */
async function soon(promise) {
  await globalThis.scheduler?.postTask?.(() => {}, { priority: 'user-blocking' })
  let timer
  const late = new Promise((resolve) => { timer = setTimeout(resolve, 50) })
  const inTime = await Promise.race([promise.then(() => true, () => false), late])
  clearTimeout(timer) // an element that is gone by now leaves none behind
  return inTime
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
