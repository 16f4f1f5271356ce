package io.smartagent.kernel.capability;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An immutable set of capabilities, as the bits that the kernel keeps. Bits that {@link Capability}
 * does not name yet are kept too, so that dropping everything drops what a newer kernel has added.
 *
 * @param bits bit n stands for the capability with number n
 */
public record CapabilitySet(long bits) {

  /** The set without any capability. */
  public static final CapabilitySet NONE = new CapabilitySet(0);

  /** Returns the set of {@code capabilities}. */
  public static CapabilitySet of(Capability... capabilities) {
    return of(List.of(capabilities));
  }

  /** Returns the set of {@code capabilities}. */
  public static CapabilitySet of(Iterable<Capability> capabilities) {
    long bits = 0;
    for (Capability capability : capabilities) {
      bits |= 1L << capability.number();
    }
    return new CapabilitySet(bits);
  }

  /** Returns the set of every capability with a number up to and including {@code last}. */
  public static CapabilitySet upTo(int last) {
    return new CapabilitySet(last >= 63 ? -1L : (1L << (last + 1)) - 1);
  }

  /** Returns whether {@code capability} is in this set. */
  public boolean contains(Capability capability) {
    return contains(capability.number());
  }

  /** Returns whether the capability with {@code number} is in this set. */
  public boolean contains(int number) {
    return (bits >>> number & 1) != 0;
  }

  /** Returns whether this set has everything that {@code other} has. */
  public boolean containsAll(CapabilitySet other) {
    return (other.bits & ~bits) == 0;
  }

  /** Returns whether there is nothing in this set. */
  public boolean isEmpty() {
    return bits == 0;
  }

  /** Returns what is in this set or in {@code other}. */
  public CapabilitySet union(CapabilitySet other) {
    return new CapabilitySet(bits | other.bits);
  }

  /** Returns what is in this set and in {@code other}. */
  public CapabilitySet intersect(CapabilitySet other) {
    return new CapabilitySet(bits & other.bits);
  }

  /** Returns what is in this set and not in {@code other}. */
  public CapabilitySet minus(CapabilitySet other) {
    return new CapabilitySet(bits & ~other.bits);
  }

  /** Returns this set with {@code capability}. */
  public CapabilitySet with(Capability capability) {
    return new CapabilitySet(bits | 1L << capability.number());
  }

  /** Returns the numbers in this set, ascending. */
  public List<Integer> numbers() {
    List<Integer> numbers = new ArrayList<>(Long.bitCount(bits));
    for (int number = 0; number < Long.SIZE; number++) {
      if (contains(number)) {
        numbers.add(number);
      }
    }
    return numbers;
  }

  /**
   * Returns the names ({@code CAP_...}) sorted; a bit without a name yet is {@code CAP_<number>}.
   */
  public List<String> names() {
    Capability[] known = Capability.values();
    List<String> names = new ArrayList<>(Long.bitCount(bits));
    for (int number : numbers()) {
      names.add(number < known.length ? known[number].name() : "CAP_" + number);
    }
    names.sort(null);
    return names;
  }

  /** Returns the names without {@code CAP_}, sorted, as Kubernetes and Docker write them. */
  public List<String> shortNames() {
    List<String> names = names();
    names.replaceAll(name -> name.substring("CAP_".length()));
    return names;
  }

  // A record's own equals and hashCode are made at run time by invokedynamic, which takes 15 ms the
  // first
  // time, and the launcher compares sets on its way to exec.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CapabilitySet set && set.bits == bits;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(bits);
  }

  /** Returns the short names with a space between them, {@code none} for an empty set. */
  @Override
  public String toString() {
    return isEmpty() ? "none" : String.join(" ", shortNames());
  }
}
