/** The node's containers, from the files of container runtimes and kubelet's directories. */
@NullMarked
package io.smartagent.modules.container;

import org.jspecify.annotations.NullMarked;
