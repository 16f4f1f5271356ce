/** The command line: one class per command. */
@NullMarked
package io.smartagent.cli;

import org.jspecify.annotations.NullMarked;
