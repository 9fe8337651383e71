// The wasm modules: where they are, what to say when one cannot be had, and their instances. Each element that is on show
// has instances of its own, so a fault in one cannot reach another, whatever was half done when it happened.

const REASONS = {
  csp: 'This page’s content security policy forbids WebAssembly. It needs script-src with \'wasm-unsafe-eval\' and connect-src with the place of the .wasm file.',
  mime: 'The server does not send the .wasm file as WebAssembly. It must have the type application/wasm.',
  missing: 'The server does not have the .wasm file.',
  script: 'A script could not be loaded. Check the connection, then try again; if it stays missing, reload the page.',
  network: 'The .wasm file could not be loaded. Check the connection, then try again.',
  unsupported: 'This browser has no WebAssembly, or it is switched off.',
  broken: 'The .wasm file and this script do not belong together, or the file is damaged.',
}

class LoadError extends Error {
  constructor(reason, detail = '') {
    super(REASONS[reason] + (detail && ` (${detail})`))
    this.reason = reason
  }
}

/** A wasm module: where it is, what it was compiled to, and its instances. */
class Module {
  #source // how to get at it: { load, wasmUrl }
  #compiling // the one compilation under way or done; a failed one is forgotten, so that it can be tried again
  #spare // an instance whose element is gone, for the next one

  /**
   * Says where the module is. `load` returns (or promises) an object: `default` is the function that makes the JavaScript
   * for an instance (scripts/bundle.mjs), and `wasmUrl` the address of the wasm file, unless it is given here.
   */
  configure(source) { this.#source = source }

  /** An instance for an element. The first to ask may say where the wasm file is. Throws a `LoadError`. */
  async take(wasmUrl) {
    const taken = this.#spare
    this.#spare = undefined
    if (taken) return taken
    const compiling = (this.#compiling ??= this.#compile(wasmUrl))
    try {
      const { make, module } = await compiling
      const instance = new Instance(make) // while the bytes are on their way
      await instance.start(await module)
      return instance
    } catch (error) {
      if (this.#compiling === compiling) this.#compiling = undefined
      throw error instanceof LoadError ? error : new LoadError('broken', error?.message)
    }
  }

  /** Takes an instance back whose element is gone. What it left running ends. */
  giveBack(instance) {
    instance.onFault = undefined
    instance.end()
    if (!instance.fault) this.#spare = instance
  }

  /** The function that makes the JavaScript for an instance, and the promise of the compiled module. */
  async #compile(given) {
    if (typeof WebAssembly !== 'object') throw new LoadError('unsupported')
    const { default: make, wasmUrl: beside } = await Promise.resolve(this.#source.load()).catch((error) => { throw new LoadError('script', error?.message) })
    // Not before: a script that imports this one calls `configure` once all of its imports have run.
    const module = compile(given || this.#source.wasmUrl || beside)
    module.catch(() => {}) // whoever waits for it hears of a failure
    warmUp().catch(() => {}) // a host may forbid a part of it
    return { make, module }
  }
}

/** The list; and what the first view does not need, which is loaded on demand. */
export const list = new Module(), extras = new Module()

export const nextTask = () => new Promise((resolve) => setTimeout(resolve))

/**
 * While the bytes are on their way, after what is there by now was drawn: what costs the browser up to 20 ms the first time in a
 * page, and next to nothing later. Each in a task of its own, so that the page stays free for others.
 */
async function warmUp() {
  await drawn()
  new Intl.DateTimeFormat()
  await nextTask()
  localStorage.length
}

/** After a frame was drawn. */
export const drawn = () => new Promise((done) => { requestAnimationFrame(() => setTimeout(done)) })

/** Compiles the wasm file at an address as it comes. Throws a `LoadError`. */
async function compile(address) {
  let [url, blocked] = [{ href: '' }, '']
  const onViolation = ({ blockedURI, effectiveDirective }) => {
    // The host may have violations of its own. One of a request names its address, or only the origin.
    if (blockedURI === 'wasm-eval' || (blockedURI && url.href.startsWith(blockedURI))) blocked = effectiveDirective
  }
  document.addEventListener('securitypolicyviolation', onViolation)
  try {
    url = new URL(address, document.baseURI)
    return await WebAssembly.compileStreaming(fetchWasm(url))
  } catch (error) {
    await nextTask() // a violation is reported after the call that caused it failed
    if (blocked || /content security policy|unsafe-eval/i.test(error?.message)) throw new LoadError('csp', blocked)
    throw error instanceof LoadError ? error : new LoadError(error instanceof TypeError ? 'network' : 'broken', error?.message)
  } finally {
    document.removeEventListener('securitypolicyviolation', onViolation)
  }
}

/** Fetches the wasm, to be compiled as it comes. */
async function fetchWasm(url) {
  const response = await fetch(url).catch(() => { throw new LoadError('network') })
  if (!response.ok) throw new LoadError(response.status === 404 ? 'missing' : 'network', `HTTP ${response.status}`)
  const type = response.headers.get('content-type') ?? ''
  if (!/^application\/wasm\b/i.test(type)) throw new LoadError('mime', type || 'no type')
  return response
}

/**
 * The module's code and memory, once. What Rust throws here (a panic is thrown as well) or the browser throws at Rust
 * leaves the memory as it was in the middle of a step: from then on nothing calls into it any more, and the timers and
 * requests that it had under way end.
 */
class Instance {
  fault // what was thrown, if anything was
  onFault // called with it
  #glue
  #timers = new Set()
  #requests = new Set()
  #depth = 0 // of calls into Rust

  constructor(make) {
    const [timers, requests] = [this.#timers, this.#requests]
    const start = (callback, millis) => {
      const id = setTimeout(() => { timers.delete(id); callback() }, millis)
      timers.add(id)
      return id
    }
    const clear = (id) => { if (timers.delete(id)) clearTimeout(id) } // most are over
    class Controller extends AbortController {
      constructor() { super(); requests.add(this) }
      abort(isOver) { requests.delete(this); if (isOver !== true) super.abort() }
    }
    this.#glue = make(start, clear, Controller)
  }

  /** The class that the module exports. */
  get Exported() { return this.#glue.Exported }

  async start(module) {
    const { exports } = await WebAssembly.instantiate(module, this.#glue.imports())
    const guarded = Object.entries(exports).map(([name, value]) => [name, typeof value === 'function' ? (...args) => this.#call(value, args) : value])
    this.#glue.finish({ exports: Object.fromEntries(guarded) })
    if (this.fault) throw this.fault
  }

  /** Ends a request with the rest. */
  adopt(controller) { this.#requests.add(controller) }

  /** Ends the timers and requests that are under way. */
  end() {
    for (const id of this.#timers) clearTimeout(id)
    for (const request of this.#requests) request.abort()
    this.#timers.clear()
    this.#requests.clear()
  }

  #call(into, args) {
    if (this.fault && this.#depth) throw this.fault // to what was at work when it happened: that ends too
    if (this.fault) return NOTHING
    this.#depth++
    try {
      return into(...args)
    } catch (error) {
      if (!this.fault) {
        this.fault = error ?? new Error('unknown')
        console.error(error)
        this.end()
        this.onFault?.(this.fault)
      }
      return NOTHING
    } finally {
      this.#depth--
    }
  }
}

/** What a call into a faulty instance returns: no value, whether one was expected or a list of them. */
const NOTHING = []
