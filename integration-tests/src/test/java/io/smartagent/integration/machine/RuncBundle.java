package io.smartagent.integration.machine;

import static io.smartagent.integration.machine.HostRoot.makeDirectory;
import static io.smartagent.integration.machine.Programs.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A container that runc runs without any engine above it. Its description is the one that {@code
 * runc spec} writes, but for what is said here: so capability sets are exactly those that a test
 * asks for, also ones that an old engine has no names for.
 */
public final class RuncBundle implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** capabilities(7): all sets that an OCI bundle has. */
  private static final List<String> SETS =
      List.of("bounding", "effective", "inheritable", "permitted", "ambient");

  private final String id;
  private final Path directory;
  private final ObjectNode spec;

  /**
   * @param id of the container: any text without blanks and slashes
   * @param directory that it makes, and removes when it is closed
   * @param root of the file system that the container has; it is not changed
   */
  public RuncBundle(String id, Path directory, Path root) {
    this.id = id;
    this.directory = directory;
    makeDirectory(directory);
    run("runc", "spec", "-b", directory.toString()).orFail();
    try {
      spec = (ObjectNode) JSON.readTree(directory.resolve("config.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    object(spec, "root").put("path", root.toString()).put("readonly", true);
    // Raising a limit takes CAP_SYS_RESOURCE.
    object(spec, "process").put("terminal", false).remove("rlimits");
  }

  /** Gives it exactly these capabilities, in all sets; names as {@code CAP_BPF}. */
  public RuncBundle capabilities(String... names) {
    ObjectNode sets = object(object(spec, "process"), "capabilities");
    for (String set : SETS) {
      ArrayNode list = sets.putArray(set);
      Arrays.asList(names).forEach(list::add);
    }
    return this;
  }

  /** Puts it into a control group. */
  public RuncBundle controlGroup(String path) {
    object(spec, "linux").put("cgroupsPath", path);
    return this;
  }

  /** Adds an annotation. */
  public RuncBundle annotation(String name, String value) {
    object(spec, "annotations").put(name, value);
    return this;
  }

  /** Limits its memory. */
  public RuncBundle memory(long bytes) {
    object(object(object(spec, "linux"), "resources"), "memory").put("limit", bytes);
    return this;
  }

  /** Leaves out a namespace of its own: {@code network}, {@code pid}, {@code mount} and so on. */
  public RuncBundle withoutNamespace(String type) {
    ArrayNode namespaces = (ArrayNode) object(spec, "linux").get("namespaces");
    for (int i = namespaces.size() - 1; i >= 0; i--) {
      if (namespaces.get(i).get("type").asText().equals(type)) {
        namespaces.remove(i);
      }
    }
    return this;
  }

  /** Adds a mount. */
  public RuncBundle mount(String source, String destination, String... options) {
    ObjectNode mount = ((ArrayNode) spec.get("mounts")).addObject();
    mount.put("source", source).put("destination", destination).put("type", "bind");
    ArrayNode list = mount.putArray("options");
    Arrays.asList(options).forEach(list::add);
    return this;
  }

  /** Sets a variable of the environment. */
  public RuncBundle environment(String name, String value) {
    ((ArrayNode) object(spec, "process").get("env")).add(name + "=" + value);
    return this;
  }

  /** Returns its description, to change what no method is for. */
  public ObjectNode spec() {
    return spec;
  }

  /** Starts it in the background and returns this. */
  public RuncBundle start(String... program) {
    ArrayNode arguments = object(spec, "process").putArray("args");
    Arrays.asList(program).forEach(arguments::add);
    try {
      JSON.writeValue(directory.resolve("config.json").toFile(), spec);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run("runc", "run", "-d", "-b", directory.toString(), id).orFail();
    return this;
  }

  /** Returns what {@code runc state} says. */
  public JsonNode state() {
    try {
      return JSON.readTree(run("runc", "state", id).orFail().out());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the number of its first process on this machine. */
  public long pid() {
    return state().get("pid").asLong();
  }

  private static ObjectNode object(ObjectNode parent, String name) {
    JsonNode child = parent.get(name);
    return child instanceof ObjectNode there ? there : parent.putObject(name);
  }

  /** Ends and removes it. */
  @Override
  public void close() {
    run("runc", "delete", "-f", id);
    run("rm", "-rf", "--one-file-system", directory.toString()).orFail();
  }
}
