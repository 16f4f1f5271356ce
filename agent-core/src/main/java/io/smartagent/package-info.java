/** The SmartAgent launcher. */
@NullMarked
package io.smartagent;

import org.jspecify.annotations.NullMarked;
