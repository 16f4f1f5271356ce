/**
 * What a process is made of: credentials, namespaces, descriptors, signals, limits, its program.
 */
@NullMarked
package io.smartagent.kernel.process;

import org.jspecify.annotations.NullMarked;
