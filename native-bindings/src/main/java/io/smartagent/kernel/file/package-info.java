/** Files, opened without following links out of a root. */
@NullMarked
package io.smartagent.kernel.file;

import org.jspecify.annotations.NullMarked;
