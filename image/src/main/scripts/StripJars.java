import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;

/**
 * Removes from jars what the image does not use: names of local variables and numbers of lines, as
 * jlink does it for the run-time (a quarter of the classes, and of their part of the AOT cache), and
 * JNA's native libraries, of which the image has the one that it needs as a file.
 *
 * <p>For stage-root: java -cp ASM StripJars.java JAR...
 */
final class StripJars {

  private static final Pattern NATIVE =
      Pattern.compile("com/sun/jna/[^/]+/(lib)?jnidispatch\\.\\w+");

  private StripJars() {}

  public static void main(String[] jars) throws IOException {
    for (String jar : jars) {
      strip(Path.of(jar));
    }
  }

  private static void strip(Path path) throws IOException {
    ByteArrayOutputStream stripped = new ByteArrayOutputStream();
    try (JarFile jar = new JarFile(path.toFile());
        JarOutputStream out = new JarOutputStream(stripped)) {
      out.setLevel(9);
      Enumeration<JarEntry> entries = jar.entries();
      while (entries.hasMoreElements()) {
        JarEntry entry = entries.nextElement();
        if (NATIVE.matcher(entry.getName()).matches()) {
          continue;
        }
        JarEntry copy = new JarEntry(entry.getName());
        copy.setTime(entry.getTime());
        out.putNextEntry(copy);
        try (InputStream content = jar.getInputStream(entry)) {
          byte[] bytes = content.readAllBytes();
          out.write(entry.getName().endsWith(".class") ? strip(bytes) : bytes);
        }
        out.closeEntry();
      }
    }
    Files.write(path, stripped.toByteArray());
  }

  private static byte[] strip(byte[] type) {
    ClassReader reader = new ClassReader(type);
    ClassWriter writer = new ClassWriter(0);
    reader.accept(writer, ClassReader.SKIP_DEBUG);
    return writer.toByteArray();
  }
}
