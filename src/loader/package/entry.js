// What the npm package bundles into `bigkey-tasks.js`: the element and the code that belongs to the wasm file, which
// lies beside it unless the page says otherwise.
import make from 'bigkey-glue'
import { BigkeyTasksElement, configure as setSource, define } from '../element.js'
import { setCatalogues } from '../texts.js'

const beside = new URL('bigkey-wasm', import.meta.url)

/** Says where the wasm file and the texts in other languages are; counts until the first element asks for them. */
export function configure({ wasmUrl = beside, catalogues }) {
  setSource({ load: () => make, wasmUrl })
  setCatalogues(catalogues)
}

export { BigkeyTasksElement, define }
configure({})
define()
