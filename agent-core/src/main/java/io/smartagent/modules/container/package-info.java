/** What the container runtimes' files and kubelet's directories tell of the node's containers. */
@NullMarked
package io.smartagent.modules.container;

import org.jspecify.annotations.NullMarked;
