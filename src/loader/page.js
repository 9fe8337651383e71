// What `trunk serve` puts into the page: takes the names of the freshly built files from its own tag.
import { define } from './element.js'
import { extras, list } from './module.js'

const at = (name) => new URL(name, document.baseURI)
const { module, wasm } = document.querySelector('script[data-wasm]').dataset
list.configure({ load: () => import(at(module)), wasmUrl: at(wasm) })
extras.configure({ load: () => import(at('bigkey-extras.js')), wasmUrl: at('bigkey-extras_bg.wasm') }) // Trunk gives these no hash
define()
