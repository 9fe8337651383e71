// What the npm package bundles into `bigkey-tasks.js`: the element and the code that belongs to the wasm file, which
// lies beside it unless the page says otherwise.
import make from 'bigkey-glue'
import { BigkeyTasksElement, configure as setSource, define } from '../element.js'

const load = () => make

/** Says where the wasm file is; counts until the first element asks for it. */
export const configure = ({ wasmUrl }) => setSource({ load, wasmUrl })

export { BigkeyTasksElement, define }
setSource({ load, wasmUrl: new URL('bigkey-wasm', import.meta.url) })
define()
