package io.smartagent.modules.applicationdiscovery;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The version in a jar's manifest. Only the start of the jar is read, where {@code jar}, Maven and
 * Gradle put the manifest; its list of contents may be of any size.
 */
final class JarManifest {

  private static final String NAME = "META-INF/MANIFEST.MF";
  private static final int ENTRIES_AT_MOST = 4;
  private static final int JAR_BYTES = 262_144;
  private static final int MANIFEST_BYTES = 65_536;

  private JarManifest() {}

  /** Returns the version that a jar says it has; null where it says none. */
  static @Nullable Version version(InputStream jar) {
    try (ZipInputStream zip = new ZipInputStream(new BoundedInput(jar, JAR_BYTES))) {
      for (int i = 0; i < ENTRIES_AT_MOST; i++) {
        ZipEntry entry = zip.getNextEntry();
        if (entry == null) {
          return null;
        }
        if (entry.getName().toUpperCase(Locale.ROOT).equals(NAME)) {
          return version(new Manifest(new ByteArrayInputStream(zip.readNBytes(MANIFEST_BYTES))));
        }
        if (!entry.isDirectory() && !entry.getName().startsWith("META-INF/")) {
          return null;
        }
      }
      return null;
    } catch (IOException | IllegalArgumentException noJar) {
      return null;
    }
  }

  private static @Nullable Version version(Manifest manifest) {
    Attributes attributes = manifest.getMainAttributes();
    return Version.first(
        of(attributes, "Implementation-Version"),
        of(attributes, "Jenkins-Version"),
        of(attributes, "Bundle-Version"),
        of(attributes, "Specification-Version"));
  }

  private static @Nullable Version of(Attributes attributes, String name) {
    return Version.of(attributes.getValue(name), Version.Origin.MANIFEST);
  }
}
