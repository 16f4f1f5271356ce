/** Processes of the host as its procfs shows them. */
@NullMarked
package io.smartagent.modules.process;

import org.jspecify.annotations.NullMarked;
