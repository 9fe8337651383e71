// Another release. On its import it finds the name taken and says so; here it takes one of its own.
import { define } from './two/bigkey-tasks.js'

define('bigkey-tasks-two')
