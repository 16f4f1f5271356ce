/** What this container may really do: asked of the kernel, changing nothing. */
@NullMarked
package io.smartagent.probe;

import org.jspecify.annotations.NullMarked;
