/** JSON by jackson-core's streaming: the way to exec has no time for data binding. */
@NullMarked
package io.smartagent.json;

import org.jspecify.annotations.NullMarked;
