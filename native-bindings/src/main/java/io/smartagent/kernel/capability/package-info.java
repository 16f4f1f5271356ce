/** Capability sets, securebits and no_new_privs of a thread: capabilities(7). */
@NullMarked
package io.smartagent.kernel.capability;

import org.jspecify.annotations.NullMarked;
