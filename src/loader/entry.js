// What a release bundles into one file: the element and the code that belongs to the wasm file.
import make from 'bigkey-glue'
import { configure, define } from './element.js'

export { define }
configure({ load: () => make, wasmUrl: new URL('bigkey-wasm', import.meta.url) })
define()
