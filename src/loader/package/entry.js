// What the npm package bundles into `bigkey-tasks.js`: the element and the code that belongs to the wasm file, which
// lies beside it unless the page says otherwise.
// By name: a namespace object is built by walking over an object, which meets whatever a host added to all objects.
import init, { App } from 'bigkey-glue'
import { BigkeyTasksElement, configure as setSource, define } from '../element.js'

let wasmUrl = new URL('bigkey-wasm', import.meta.url)

/** Says where the wasm file is; counts until the first element asks for it. */
export function configure(options) {
  if (options?.wasmUrl) wasmUrl = new URL(options.wasmUrl, document.baseURI)
}

// The attribute says the same for pages without a script of their own. Before the definition: a browser notes the
// reactions of a class then.
const { connectedCallback } = BigkeyTasksElement.prototype
BigkeyTasksElement.prototype.connectedCallback = function () {
  configure({ wasmUrl: this.getAttribute('wasm-url') })
  connectedCallback.call(this)
}

export { BigkeyTasksElement, define }
setSource({ load: () => ({ default: init, App }), get wasmUrl() { return wasmUrl } })
define()
