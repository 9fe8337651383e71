// For bundlers that do not follow the addresses of the wasm file and of the texts in other languages: these are imported,
// and the bundler says where it put them.
import { configure } from 'bigkey-tasks'
import ar from 'bigkey-tasks/texts/ar'
import de from 'bigkey-tasks/texts/de'
import zhHans from 'bigkey-tasks/texts/zh-Hans'
import wasmUrl from 'bigkey-tasks/wasm'
import './list.js'

configure({ wasmUrl, catalogues: { ar, de, 'zh-Hans': zhHans } })
