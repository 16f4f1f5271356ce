/** Executes a plan, on one thread, up to execve. */
@NullMarked
package io.smartagent.launch;

import org.jspecify.annotations.NullMarked;
