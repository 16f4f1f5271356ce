/** Mounts of a mount namespace: mount(2), mount_setattr(2), proc_pid_mountinfo(5). */
@NullMarked
package io.smartagent.kernel.mount;

import org.jspecify.annotations.NullMarked;
