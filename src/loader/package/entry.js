// What the npm package bundles into `bigkey-tasks.js`: the element and the code that belongs to the wasm file, which
// lies beside it unless the page says otherwise.
import make from 'bigkey-glue'
import { BigkeyTasksElement, define } from '../element.js'
import { extras, list } from '../module.js'
import { setCatalogues } from '../texts.js'

const load = () => ({ default: make })
const loadExtras = () => import('bigkey-extras')

/** Says where the wasm files and the texts in other languages are; each counts until the first element asks for it. */
export function configure({ wasmUrl, extrasWasmUrl, catalogues }) {
  if (wasmUrl) list.configure({ load, wasmUrl })
  if (extrasWasmUrl) extras.configure({ load: loadExtras, wasmUrl: extrasWasmUrl })
  setCatalogues(catalogues)
}

export { BigkeyTasksElement, define }
list.configure({ load, wasmUrl: new URL('bigkey-wasm', import.meta.url) })
extras.configure({ load: loadExtras })
define()
