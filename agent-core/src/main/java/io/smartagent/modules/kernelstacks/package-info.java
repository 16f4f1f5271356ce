/** kernel-stacks: reports tasks that wait in the kernel for too long, with their kernel stacks. */
@NullMarked
package io.smartagent.modules.kernelstacks;

import org.jspecify.annotations.NullMarked;
