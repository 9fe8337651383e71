// What a release bundles into one file: the element and the code that belongs to the wasm file.
import make from 'bigkey-glue'
import { define } from './element.js'
import { extras, list } from './module.js'

list.configure({ load: () => ({ default: make }), wasmUrl: new URL('bigkey-wasm', import.meta.url) })
extras.configure({ load: () => import('bigkey-extras') })
define()
