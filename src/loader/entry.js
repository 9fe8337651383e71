// What a release bundles into one file: the element and the code that belongs to the wasm file.
// By name: a namespace object is built by walking over an object, which meets whatever a host added to all objects.
import init, { App } from 'bigkey-glue'
import { configure, define } from './element.js'

export { define }
configure({ load: () => ({ default: init, App }), wasmUrl: new URL('bigkey-wasm', import.meta.url) })
define()
