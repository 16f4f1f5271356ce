/** What forbids a call: seccomp, LSMs, lockdown; and harmless probes that find out. */
@NullMarked
package io.smartagent.kernel.security;

import org.jspecify.annotations.NullMarked;
