/**
 * The seam to the Linux kernel: typed verbs, one accessor per area, errors with call, subject and
 * errno.
 */
@NullMarked
package io.smartagent.kernel;

import org.jspecify.annotations.NullMarked;
