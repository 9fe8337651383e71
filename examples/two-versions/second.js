// Another copy, of this or another version: the name is taken, so it says so and takes one of its own.
import { define } from './two/bigkey-tasks.js'

define('bigkey-tasks-two')
