package io.smartagent.kubernetes.manifest;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of a resource, as k8s.io/apimachinery's resource.Quantity has it, without exponents.
 *
 * @param amount in the resource's unit: CPUs or bytes; never zero
 */
record Quantity(BigDecimal amount) implements Comparable<Quantity> {

  private static final Pattern FORM = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)([A-Za-z]{0,2})");

  private static final Map<String, BigDecimal> SUFFIXES =
      Map.of(
          "m", new BigDecimal("0.001"),
          "", BigDecimal.ONE,
          "k", BigDecimal.valueOf(1_000L),
          "M", BigDecimal.valueOf(1_000_000L),
          "G", BigDecimal.valueOf(1_000_000_000L),
          "Ki", BigDecimal.valueOf(1L << 10),
          "Mi", BigDecimal.valueOf(1L << 20),
          "Gi", BigDecimal.valueOf(1L << 30));

  /** Returns the quantity; empty if the text is empty or invalid. */
  static Optional<Quantity> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches() || !SUFFIXES.containsKey(matcher.group(2))) {
      return Optional.empty();
    }
    BigDecimal suffix = SUFFIXES.getOrDefault(matcher.group(2), BigDecimal.ONE);
    BigDecimal amount = new BigDecimal(matcher.group(1)).multiply(suffix);
    return amount.signum() > 0 ? Optional.of(new Quantity(amount)) : Optional.empty();
  }

  @Override
  public int compareTo(Quantity other) {
    return amount.compareTo(other.amount);
  }
}
