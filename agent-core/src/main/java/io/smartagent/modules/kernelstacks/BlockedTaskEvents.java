package io.smartagent.modules.kernelstacks;

import io.smartagent.module.Event;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.container.ContainerAttributes;
import io.smartagent.modules.container.Containers;
import io.smartagent.modules.kernelstacks.BlockedTasks.Ended;
import io.smartagent.modules.kernelstacks.BlockedTasks.Wait;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the events that {@link KernelStacksTelemetry} describes. */
final class BlockedTaskEvents {

  static final String BLOCKED_TASK = "BlockedTask";
  static final String BLOCKED_TASK_ENDED = "BlockedTaskEnded";

  private final String source;
  private final Containers containers;

  /**
   * @param source of the module
   */
  BlockedTaskEvents(String source, Containers containers) {
    this.source = source;
    this.containers = containers;
  }

  /** Returns the event of a task that is blocked. */
  Event blocked(Wait wait, Place place, CgroupOwner owner, Instant time) {
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    attributes.put("source", source);
    attributes.put("update", wait.isTold());
    putTask(attributes, wait.task());
    attributes.put("state", "D");
    attributes.put("blockedSeconds", wait.blocked().toSeconds());
    attributes.put("wchan", place.wchan());
    attributes.put("kernelStack", place.frames());
    ContainerAttributes.put(attributes, owner, containers.identify(owner));
    return new Event(time, BLOCKED_TASK, attributes);
  }

  /** Returns the event of a task that was. */
  Event ended(Ended ended, CgroupOwner owner, Instant time) {
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    attributes.put("source", source);
    putTask(attributes, ended.over().task());
    attributes.put("blockedSeconds", ended.over().blocked().toSeconds());
    attributes.put("outcome", ended.ran() ? "ran" : "exited");
    ContainerAttributes.put(attributes, owner, containers.identify(owner));
    return new Event(time, BLOCKED_TASK_ENDED, attributes);
  }

  private static void putTask(Map<String, @Nullable Object> attributes, WaitingTask task) {
    attributes.put("pid", task.pid());
    attributes.put("tid", task.tid());
    attributes.put("process", task.process());
    attributes.put("thread", task.thread());
    attributes.put("kernelThread", task.kernelThread());
  }
}
