package io.smartagent.kubernetes.manifest;

import java.util.regex.Pattern;

/** Which names Kubernetes accepts: k8s.io/apimachinery/pkg/util/validation. */
final class Names {

  /** What a label of the DNS is, for people. */
  static final String LABEL =
      "a label of the DNS (RFC 1123): at most 63 lower-case letters, digits and \"-\", with a"
          + " letter or digit at both ends";

  /** What a name of the DNS is, for people. */
  static final String SUBDOMAIN =
      "a name of the DNS (RFC 1123): labels of lower-case letters, digits and \"-\", separated by"
          + " \".\"";

  /** What a reference of an image is, for people. */
  static final String IMAGE = "an image reference: [REGISTRY[:PORT]/]PATH[:TAG][@sha256:DIGEST]";

  private static final int MAX_LABEL_LENGTH = 63;
  private static final int MAX_NAME_LENGTH = 253;
  private static final String LABEL_FORM = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?";

  private static final Pattern LABELS = Pattern.compile(LABEL_FORM);
  private static final Pattern SUBDOMAINS =
      Pattern.compile(LABEL_FORM + "(?:\\." + LABEL_FORM + ")*");
  private static final Pattern KEYS = Pattern.compile("[-._a-zA-Z0-9]{1,253}");
  private static final Pattern COUNTS = Pattern.compile("[1-9]\\d{0,8}|(?:[1-9]\\d?|100)%");

  /** The grammar of distribution/reference, regexp.go. */
  private static final Pattern IMAGES =
      Pattern.compile(
          "(?:(?:[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)"
              + "(?:\\.[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)*(?::\\d+)?/)?"
              + "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*"
              + "(?::\\w[-.\\w]{0,127})?"
              + "(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?");

  private Names() {}

  static boolean isLabel(String name) {
    return name.length() <= MAX_LABEL_LENGTH && LABELS.matcher(name).matches();
  }

  static boolean isSubdomain(String name) {
    return name.length() <= MAX_NAME_LENGTH && SUBDOMAINS.matcher(name).matches();
  }

  static boolean isKey(String key) {
    return KEYS.matcher(key).matches() && !key.equals(".") && !key.equals("..");
  }

  static boolean isImage(String reference) {
    return reference.length() <= 1024 && IMAGES.matcher(reference).matches();
  }

  static boolean isCountOrPercentage(String text) {
    return COUNTS.matcher(text).matches();
  }
}
