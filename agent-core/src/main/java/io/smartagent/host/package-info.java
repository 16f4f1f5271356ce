/** The host's root: read without leaving it, its users parsed without NSS. */
@NullMarked
package io.smartagent.host;

import org.jspecify.annotations.NullMarked;
