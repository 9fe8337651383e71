// What the npm package bundles into `bigkey-tasks.js`: the element and the code that belongs to the wasm file, which
// lies beside it unless the page says otherwise.
// By name: a namespace object is built by walking over an object, which meets whatever a host added to all objects.
import init, { App } from 'bigkey-glue'
import { BigkeyTasksElement, configure as setSource, define } from '../element.js'

const load = () => ({ default: init, App })

/** Says where the wasm file is; counts until the first element asks for it. */
export const configure = ({ wasmUrl }) => setSource({ load, wasmUrl })

export { BigkeyTasksElement, define }
setSource({ load, wasmUrl: new URL('bigkey-wasm', import.meta.url) })
define()
