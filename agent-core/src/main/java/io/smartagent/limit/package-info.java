/** Limits of memory and of requests: bounded maps, token buckets, back-offs. */
@NullMarked
package io.smartagent.limit;

import org.jspecify.annotations.NullMarked;
