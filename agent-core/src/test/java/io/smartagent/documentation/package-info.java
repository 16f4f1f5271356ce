/** What the documentation says is generated from the code. */
@NullMarked
package io.smartagent.documentation;

import org.jspecify.annotations.NullMarked;
