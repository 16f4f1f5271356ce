/** The one real implementation of the seam: raw system calls through JNA. */
@NullMarked
package io.smartagent.kernel.linux;

import org.jspecify.annotations.NullMarked;
