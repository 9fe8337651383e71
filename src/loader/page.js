// What `trunk serve` puts into the page: takes the names of the freshly built files from its own tag.
import { configure, define } from './element.js'

const { module, wasm } = document.querySelector('script[data-wasm]').dataset
configure({ load: async () => (await import(new URL(module, document.baseURI))).default, wasmUrl: new URL(wasm, document.baseURI) })
define()
