/** The modules that are built. */
@NullMarked
package io.smartagent.modules;

import org.jspecify.annotations.NullMarked;
