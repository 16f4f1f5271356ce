package io.smartagent.kubernetes.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.comments.CommentLine;
import org.snakeyaml.engine.v2.comments.CommentType;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A value of a manifest that is to be written, with comments: a node of the YAML library. */
public abstract sealed class Yaml {

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setParseComments(true).build();

  private final Node node;

  private Yaml(Node node) {
    this.node = node;
  }

  Node node() {
    return node;
  }

  /** A text, whole number or boolean. */
  public static final class Scalar extends Yaml {

    private Scalar(Tag tag, String text, ScalarStyle style) {
      super(new ScalarNode(tag, text, style));
    }
  }

  /** A map, to be filled by its maker. */
  public static final class Mapping extends Yaml {

    private final MappingNode node;

    private Mapping(MappingNode node) {
      super(node);
      this.node = node;
    }

    /**
     * Adds a field.
     *
     * @param comment above it; empty for none
     */
    public Mapping put(String comment, String name, Yaml value) {
      Node key = text(name).node();
      key.setBlockComments(comments(comment));
      node.getValue().add(new NodeTuple(key, value.node()));
      return this;
    }

    /** Adds a field. */
    public Mapping put(String name, Yaml value) {
      return put("", name, value);
    }

    /** Adds a text. */
    public Mapping put(String name, String value) {
      return put("", name, text(value));
    }

    /** Adds a whole number. */
    public Mapping put(String name, long value) {
      return put("", name, new Scalar(Tag.INT, Long.toString(value), ScalarStyle.PLAIN));
    }

    /** Adds a boolean. */
    public Mapping put(String name, boolean value) {
      return put("", name, flag(value));
    }

    /** Adds the fields of another map. */
    public Mapping putAll(Mapping other) {
      node.getValue().addAll(other.node.getValue());
      return this;
    }

    /** Returns whether it has no fields. */
    public boolean isEmpty() {
      return node.getValue().isEmpty();
    }
  }

  /** A list, to be filled by its maker. */
  public static final class Sequence extends Yaml {

    private final SequenceNode node;

    private Sequence(List<Node> items, FlowStyle style) {
      this(new SequenceNode(Tag.SEQ, items, style));
    }

    private Sequence(SequenceNode node) {
      super(node);
      this.node = node;
    }

    /**
     * Adds an item.
     *
     * @param comment above it; empty for none
     */
    public Sequence add(String comment, Yaml value) {
      Node item = value.node();
      if (!comment.isEmpty()) {
        item.setBlockComments(comments(comment));
      }
      node.getValue().add(item);
      return this;
    }

    /** Adds an item. */
    public Sequence add(Yaml value) {
      return add("", value);
    }
  }

  /** Returns an empty map. */
  public static Mapping map() {
    return new Mapping(new MappingNode(Tag.MAP, new ArrayList<>(), FlowStyle.BLOCK));
  }

  /** Returns an empty list. */
  public static Sequence list() {
    return new Sequence(new ArrayList<>(), FlowStyle.BLOCK);
  }

  /** Returns a list of texts, to be written in one line. */
  public static Sequence texts(List<String> texts) {
    List<Node> items = new ArrayList<>();
    for (String text : texts) {
      items.add(new ScalarNode(Tag.STR, text, ScalarStyle.DOUBLE_QUOTED));
    }
    return new Sequence(items, FlowStyle.FLOW);
  }

  /** Returns a text. */
  public static Scalar text(String text) {
    return new Scalar(
        Tag.STR, text, YamlWriter.isText(text) ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED);
  }

  /** Returns a boolean. */
  public static Scalar flag(boolean value) {
    return new Scalar(Tag.BOOL, Boolean.toString(value), ScalarStyle.PLAIN);
  }

  /**
   * Returns the map that {@code yaml} is, with its comments.
   *
   * @throws IllegalArgumentException if it is not a map
   */
  public static Mapping parse(String yaml) {
    Optional<Node> node = new Compose(SETTINGS).composeString(yaml);
    if (node.isPresent() && node.get() instanceof MappingNode mapping) {
      return new Mapping(mapping);
    }
    throw new IllegalArgumentException("not a map: " + yaml);
  }

  private static List<CommentLine> comments(String comment) {
    List<CommentLine> lines = new ArrayList<>();
    if (!comment.isEmpty()) {
      for (String line : comment.split("\n", -1)) {
        lines.add(
            new CommentLine(Optional.empty(), Optional.empty(), " " + line, CommentType.BLOCK));
      }
    }
    return lines;
  }
}
