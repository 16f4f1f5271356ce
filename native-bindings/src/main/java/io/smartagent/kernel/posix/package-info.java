/** POSIX process calls by jnr-posix. Slow to load, so never on the way to exec. */
@NullMarked
package io.smartagent.kernel.posix;

import org.jspecify.annotations.NullMarked;
