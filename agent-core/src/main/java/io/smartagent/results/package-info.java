/** Large results of modules, such as profiles and recordings: files with a quota. */
@NullMarked
package io.smartagent.results;

import org.jspecify.annotations.NullMarked;
